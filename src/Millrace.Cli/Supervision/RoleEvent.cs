using System.Text.Json;

namespace Millrace.Cli.Supervision;

/// <summary>
/// One line that a role writes to stdout for its supervisor. Diagnostics go to stderr, which becomes the service's log.
/// </summary>
/// <param name="Event">What happened: <see cref="Ready"/>.</param>
/// <param name="Endpoint">With <see cref="Ready"/>: where the role answers; null when nobody connects to it.</param>
sealed record RoleEvent(string Event, string? Endpoint)
{
    public const string Ready = "ready";

    public static RoleEvent? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.RoleEvent); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.RoleEvent);
}
