using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Secrets;

/// <summary>Writes a secret as it prints. What was written can't be read back, and so is not.</summary>
sealed class SecretJsonConverter : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A secret is never read from JSON: it comes from the environment or a profile.");

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
