using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Cli.Roles;

/// <summary>
/// How a job goes from the supervisor to its process. Made at compile time: reflection would cost each start tens of milliseconds.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(AddressConverter)])]
[JsonSerializable(typeof(BrokerJob))]
[JsonSerializable(typeof(ClickHouseJob))]
[JsonSerializable(typeof(SetupJob))]
[JsonSerializable(typeof(EmitterJob))]
sealed partial class RoleJson : JsonSerializerContext;

/// <summary>An address as users type it.</summary>
sealed class AddressConverter : JsonConverter<IPAddress>
{
    public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
