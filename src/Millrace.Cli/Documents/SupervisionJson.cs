using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Cli.Documents;

/// <summary>Serializers made at compile time: reflection would cost every short command tens of milliseconds.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StandState))]
[JsonSerializable(typeof(RoleEvent))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(EmitterOrder))]
[JsonSerializable(typeof(BrokerOrder))]
[JsonSerializable(typeof(Dictionary<string, TakenPort>))]
sealed partial class SupervisionJson : JsonSerializerContext;
