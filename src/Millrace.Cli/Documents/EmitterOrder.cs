using System.Text.Json;
using Millrace.Streams.Events;

namespace Millrace.Cli.Documents;

/// <summary>What a supervisor tells an emitter that runs: one line of JSON on its stdin. Immutable.</summary>
sealed record EmitterOrder
{
    /// <summary>From now on; 0 for as many as Kafka takes; null: as before.</summary>
    public int? EventsPerSecond { get; init; }

    /// <summary>How much of the events is bad on purpose from now on; null: as before.</summary>
    public EventShares? Shares { get; init; }

    public static EmitterOrder? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.EmitterOrder); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.EmitterOrder);
}
