using Millrace.Bench.Options;
using Millrace.Cli.Basics;
using Millrace.ClickHouse.Errors;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;
using Millrace.Page.Stand;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using Millrace.Streams.Replay;
using Millrace.Streams.Samples;
using Millrace.Streams.Setup;

namespace Millrace.Cli;

/// <summary>Turns whatever ended a command into an exit code and the one sentence for stderr.</summary>
static class Failure
{
    /// <summary>EPIPE: whoever read our output has what it wanted, as <c>head</c> does.</summary>
    const int BrokenPipe = 32;

    public static (int ExitCode, string Sentence) Describe(Exception failure) => failure switch
    {
        CliException e => (e.ExitCode, e.Message),
        StreamDefinitionException or EmitterOptionException or KafkaPropertyException => (ExitCodes.Usage, failure.Message),
        BenchRefusedException => (ExitCodes.Usage, failure.Message),
        BrokerStartException or ClickHouseStartException or PageStartException => (ExitCodes.CannotStart, failure.Message),
        DdlRefusedException or TopicRecreatedException or GroupTakenException => (ExitCodes.CannotStart, failure.Message),
        ServerTooOldException => (ExitCodes.CannotStart, failure.Message),
        PauseRefusedException or LettersRefusedException or ReplayRefusedException => (ExitCodes.Failed, failure.Message),
        ClickHouseException or CheckStoppedException or BenchFailedException => (ExitCodes.Failed, failure.Message),
        KafkaUnavailableException or ClickHouseUnavailableException or ClickHouseRefusedException => (ExitCodes.NotRunning, failure.Message),
        OperationCanceledException => (ExitCodes.Cancelled, ""),
        IOException { HResult: BrokenPipe } => (ExitCodes.Success, ""),
        UnauthorizedAccessException or IOException =>
            (ExitCodes.Failed, $"{failure.Message.TrimEnd('.')}: see whether the disk is full and the folder may be written."),
        _ => (ExitCodes.Defect, $"This is a defect of millrace, please report it with these lines:{Environment.NewLine}{failure}"),
    };
}
