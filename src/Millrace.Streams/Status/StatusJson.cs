using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Streams.Status;

/// <summary>Writes and reads status documents, by code made at compile time: one is written each second.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusDocument))]
public sealed partial class StatusJson : JsonSerializerContext;
