using System.Text.Json;
using Millrace.Meters;
using Millrace.Streams.Events;

namespace Millrace.Cli.Documents;

/// <summary>One line that a role writes to stdout for its supervisor. Diagnostics go to stderr, which becomes the service's log. Immutable.</summary>
/// <param name="Event">What happened: <see cref="Ready"/>, <see cref="Emitted"/>, <see cref="Metered"/> or <see cref="Done"/>.</param>
/// <param name="Endpoint">With <see cref="Ready"/>: where the role answers; null when nobody connects to it.</param>
sealed record RoleEvent(string Event, string? Endpoint = null)
{
    public const string Ready = "ready";
    public const string Emitted = "emitted";
    public const string Metered = "metered";

    /// <summary>The role has no work, and ends with exit code 0: nobody starts it again.</summary>
    public const string Done = "done";

    /// <summary>With <see cref="Ready"/>: the TCP port that the role took; null when nobody connects to it.</summary>
    public int? Port { get; init; }

    /// <summary>With <see cref="Ready"/>: the fingerprint of the definitions that the role goes by; null where it has none.</summary>
    public string? Definitions { get; init; }

    /// <summary>With <see cref="Emitted"/>, each second.</summary>
    public EmitterSummary? Emitter { get; init; }

    /// <summary>With <see cref="Metered"/>, each second.</summary>
    public IReadOnlyList<MeterReading>? Readings { get; init; }

    /// <summary>With <see cref="Done"/>: why, in a few words.</summary>
    public string? Reason { get; init; }

    public static RoleEvent? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.RoleEvent); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.RoleEvent);
}
