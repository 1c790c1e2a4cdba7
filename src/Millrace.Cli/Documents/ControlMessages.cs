using System.Text.Json;

namespace Millrace.Cli.Documents;

/// <summary>What a command asks of a supervisor: one line of JSON over its Unix domain socket. Immutable.</summary>
/// <param name="Verb"><see cref="WaitUntilUp"/>, <see cref="Down"/>, <see cref="Restart"/> or <see cref="Apply"/>.</param>
/// <param name="Service">With <see cref="Restart"/>: the service; null for all.</param>
/// <param name="AtOnce">With <see cref="Down"/>: kill the services instead of stopping them in order.</param>
sealed record ControlRequest(string Verb, string? Service = null, bool AtOnce = false)
{
    /// <summary>Is answered once all services are ready; with an error when the stand ends before.</summary>
    public const string WaitUntilUp = "wait until up";

    public const string Down = "down";
    public const string Restart = "restart";

    /// <summary>The definitions were edited: what makes events stops, setup runs, and what makes events starts by the new ones.</summary>
    public const string Apply = "apply";

    public static ControlRequest? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.ControlRequest); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.ControlRequest);
}

/// <summary>
/// One line of JSON of the supervisor's answer: a line for each service that changes while the work goes on, and one without a service
/// when it is done. Immutable.
/// </summary>
/// <param name="Error">One sentence; null when it went well.</param>
sealed record ControlAnswer(string? Error, ServiceStatus? Service = null)
{
    public static readonly ControlAnswer Done = new((string?)null);

    public static ControlAnswer? Parse(string line) => JsonSerializer.Deserialize(line, SupervisionJson.Default.ControlAnswer);

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.ControlAnswer);
}
