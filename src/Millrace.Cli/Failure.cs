using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;

namespace Millrace.Cli;

/// <summary>Turns whatever ended a command into an exit code and the one sentence for stderr.</summary>
static class Failure
{
    public static (int ExitCode, string Sentence) Describe(Exception failure) => failure switch
    {
        CliException e => (e.ExitCode, e.Message),
        StreamDefinitionException or EmitterOptionException => (ExitCodes.Usage, failure.Message),
        LibrdkafkaMissingException => (ExitCodes.CannotStart, failure.Message),
        KafkaUnavailableException => (ExitCodes.NotRunning, failure.Message),
        OperationCanceledException => (ExitCodes.Cancelled, ""),
        UnauthorizedAccessException or IOException => (ExitCodes.Failed, $"{failure.Message.TrimEnd('.')}: see whether the disk is full and the folder may be written."),
        _ => (ExitCodes.Defect, $"This is a defect of millrace, please report it with these lines:{Environment.NewLine}{failure}"),
    };
}
