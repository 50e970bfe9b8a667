// libyaml itself, which Yams brings along: Yams' own tree builder expands and compares without bound.
private import CYaml
import Yams

/// One event of a YAML text.
enum YAMLEvent {
    case documentStart
    case documentEnd
    case streamEnd
    case alias(String)
    case scalar(text: String, isPlain: Bool, tag: String?, anchor: String?)
    case sequenceStart(anchor: String?)
    case sequenceEnd
    case mappingStart(anchor: String?)
    case mappingEnd
}

/// The events of a YAML text, one after the other.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// The place of the last event.
    private(set) var mark = Mark(line: 1, column: 1)

    /// Reads `bytes`, which must outlive this.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. Collections within 100 levels only: their caller counts.
    mutating func next() throws(SyntaxError) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
            defer { yaml_event_delete(&event) }
            mark = Self.mark(event.start_mark)
            if let result = Self.convert(event) { return result }
        }
    }

    private func failure() -> SyntaxError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        // A missing colon is noticed late; where the key began is what helps.
        let started = problem.hasPrefix("could not find expected ':'") ? parser.pointee.context_mark : parser.pointee.problem_mark
        return SyntaxError(problem, at: Self.mark(started))
    }

    private static func mark(_ mark: yaml_mark_t) -> Mark { Mark(line: Int(mark.line) + 1, column: Int(mark.column) + 1) }

    private static func convert(_ event: yaml_event_t) -> YAMLEvent? {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_ALIAS_EVENT: .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: scalar(event)
        case YAML_SEQUENCE_START_EVENT: .sequenceStart(anchor: text(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT: .mappingStart(anchor: text(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: .mappingEnd
        default: nil
        }
    }

    private static func scalar(_ event: yaml_event_t) -> YAMLEvent {
        let data = event.data.scalar
        let content = UnsafeBufferPointer(start: data.value, count: data.length)
        return .scalar(
            text: String(decoding: content, as: UTF8.self), isPlain: data.style == YAML_PLAIN_SCALAR_STYLE,
            tag: text(data.tag), anchor: text(data.anchor))
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
