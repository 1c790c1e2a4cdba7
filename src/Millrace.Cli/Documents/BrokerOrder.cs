using System.Text.Json;

namespace Millrace.Cli.Documents;

/// <summary>What a supervisor tells a broker that runs, for a drill: one line of JSON on its stdin. Immutable.</summary>
/// <param name="Length">From now on; zero ends it. The broker keeps the time, so it ends also where the drill is killed.</param>
sealed record BrokerOrder(TimeSpan Length)
{
    /// <summary>Clients whose client.id begins so are cut off; null: nothing is said of clients.</summary>
    public string? CutsOff { get; init; }

    /// <summary>The disk has no room.</summary>
    public bool FillsDisk { get; init; }

    public static BrokerOrder? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.BrokerOrder); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.BrokerOrder);
}
