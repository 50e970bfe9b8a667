import ArgumentParser
@main struct DroverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "drover")
}
