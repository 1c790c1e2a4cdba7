using System.Text.Json;

namespace Millrace.Cli.Documents;

/// <summary>What a supervisor tells an emitter that runs: one line of JSON on its stdin. Immutable.</summary>
/// <param name="EventsPerSecond">From now on; 0 for as many as Kafka takes.</param>
sealed record EmitterOrder(int EventsPerSecond)
{
    public static EmitterOrder? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.EmitterOrder); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.EmitterOrder);
}
