using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Streams.Audit;
using Millrace.Streams.Ddl;
using Millrace.Streams.Explain;
using Millrace.Streams.Kafka;
using Millrace.Streams.Letters;
using Millrace.Streams.Replay;
using Millrace.Streams.Samples;
using Millrace.Streams.Status;

namespace Millrace.Cli.Output;

/// <summary>Serializers of what commands print with <c>--output json</c>, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StandReport))]
[JsonSerializable(typeof(ServiceReport))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(WipeReport))]
[JsonSerializable(typeof(IReadOnlyList<TopicDescription>))]
[JsonSerializable(typeof(IReadOnlyList<GroupDescription>))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(RecordExplanation))]
[JsonSerializable(typeof(IReadOnlyList<DdlStatement>))]
[JsonSerializable(typeof(StandStatus))]
[JsonSerializable(typeof(EditPlan))]
[JsonSerializable(typeof(PauseReport))]
[JsonSerializable(typeof(RateReport))]
[JsonSerializable(typeof(NewStreamReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(IReadOnlyList<LetterKind>))]
[JsonSerializable(typeof(IReadOnlyList<RetryReport>))]
[JsonSerializable(typeof(LetterReport))]
[JsonSerializable(typeof(LettersDone))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(DrillEvent))]
[JsonSerializable(typeof(DrillVerdict))]
[JsonSerializable(typeof(DrillReport))]
sealed partial class OutputJson : JsonSerializerContext
{
    /// <summary>For what records hold: quotes and letters as they are, as nobody puts it into a page.</summary>
    public static OutputJson Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
