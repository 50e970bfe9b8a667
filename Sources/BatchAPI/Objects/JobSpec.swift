/// How a Job's completions are told apart.
public enum CompletionMode: String, Sendable, Hashable, CaseIterable {
    /// Any pod that succeeds counts.
    case nonIndexed = "NonIndexed"
    /// Each index 0..<completions needs one success.
    case indexed = "Indexed"
}

/// When a pod is replaced (R46).
public enum PodReplacementPolicy: String, Sendable, Hashable, CaseIterable {
    /// As soon as it is being deleted.
    case terminatingOrFailed = "TerminatingOrFailed"
    /// Only when it has reached a terminal phase.
    case failed = "Failed"
}

/// The `spec` of a Job (§1.2). Nil stands for an absent or null field.
public struct JobSpec: Sendable, Hashable {
    public var parallelism: Int?
    public var completions: Int?
    /// The mode as written, which need not be a known one (V2); `completionMode` is its meaning.
    public var completionModeText: String?
    /// Seconds from startTime after which the Job fails.
    public var activeDeadlineSeconds: Int?
    public var backoffLimit: Int?
    public var backoffLimitPerIndex: Int?
    public var maxFailedIndexes: Int?
    public var podFailurePolicy: Value?
    public var successPolicy: Value?
    /// The policy as written, which need not be a known one; `podReplacementPolicy` is its meaning.
    public var podReplacementPolicyText: String?
    public var suspend: Bool?
    /// Seconds after the finish at which the Job is deleted.
    public var ttlSecondsAfterFinished: Int?
    public var manualSelector: Bool?
    /// A LabelSelector.
    public var selector: Value?
    public var managedBy: String?
    public var template: PodTemplate

    /// An empty spec around a template.
    public init(template: PodTemplate) {
        self.init(.object([:]))
        self.template = template
    }

    /// Reads the object form; fields of the wrong type count as absent, unknown ones are dropped.
    public init(_ value: Value) {
        parallelism = value["parallelism"]?.int
        completions = value["completions"]?.int
        completionModeText = value["completionMode"]?.string
        activeDeadlineSeconds = value["activeDeadlineSeconds"]?.int
        backoffLimit = value["backoffLimit"]?.int
        backoffLimitPerIndex = value["backoffLimitPerIndex"]?.int
        maxFailedIndexes = value["maxFailedIndexes"]?.int
        podFailurePolicy = value.present("podFailurePolicy")
        successPolicy = value.present("successPolicy")
        podReplacementPolicyText = value["podReplacementPolicy"]?.string
        suspend = value["suspend"]?.bool
        ttlSecondsAfterFinished = value["ttlSecondsAfterFinished"]?.int
        manualSelector = value["manualSelector"]?.bool
        selector = value.present("selector")
        managedBy = value["managedBy"]?.string
        template = PodTemplate(value["template"] ?? .object([:]))
    }

    /// The object form: every field that is set, unchanged.
    public var value: Value {
        var members = Members()
        members.set("parallelism", parallelism)
        members.set("completions", completions)
        members.set("completionMode", completionModeText)
        members.set("activeDeadlineSeconds", activeDeadlineSeconds)
        members.set("backoffLimit", backoffLimit)
        members.set("backoffLimitPerIndex", backoffLimitPerIndex)
        members.set("maxFailedIndexes", maxFailedIndexes)
        members.set("podFailurePolicy", podFailurePolicy)
        members.set("successPolicy", successPolicy)
        members.set("podReplacementPolicy", podReplacementPolicyText)
        members.set("suspend", suspend)
        members.set("ttlSecondsAfterFinished", ttlSecondsAfterFinished)
        members.set("manualSelector", manualSelector)
        members.set("selector", selector)
        members.set("managedBy", managedBy)
        members.set("template", template.value)
        return members.value
    }
}

extension JobSpec {
    /// The mode that holds; NonIndexed where none or an unknown one is written.
    public var completionMode: CompletionMode {
        get { completionModeText.flatMap { CompletionMode(rawValue: $0) } ?? .nonIndexed }
        set { completionModeText = newValue.rawValue }
    }

    /// The policy that is written, if it is a known one.
    public var podReplacementPolicy: PodReplacementPolicy? {
        get { podReplacementPolicyText.flatMap { PodReplacementPolicy(rawValue: $0) } }
        set { podReplacementPolicyText = newValue?.rawValue }
    }

    /// Whether the Job works through indexes.
    public var isIndexed: Bool { completionMode == .indexed }

    /// Whether another controller than Drover's manages the Job (R2, V23).
    public var isManagedElsewhere: Bool { managedBy.map { $0 != "kubernetes.io/job-controller" } ?? false }
}
