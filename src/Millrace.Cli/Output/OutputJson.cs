using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Output;

/// <summary>Serializers of what commands print with <c>--output json</c>, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StandReport))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(IReadOnlyList<TopicDescription>))]
[JsonSerializable(typeof(IReadOnlyList<GroupDescription>))]
sealed partial class OutputJson : JsonSerializerContext;
