using System.Text.Json;
using Millrace.Meters;
using Millrace.Streams.Events;
using Millrace.Streams.Status;

namespace Millrace.Cli.Documents;

/// <summary>What a command asks of a supervisor: one line of JSON over its Unix domain socket. Immutable.</summary>
/// <param name="Verb">One of the constants below.</param>
/// <param name="Service">With <see cref="Restart"/>: the service, null for all; with <see cref="Kill"/>: the service.</param>
/// <param name="AtOnce">With <see cref="Down"/>: kill the services instead of stopping them in order.</param>
sealed record ControlRequest(string Verb, string? Service = null, bool AtOnce = false)
{
    /// <summary>Is answered once all services are ready; with an error when the stand ends before.</summary>
    public const string WaitUntilUp = "wait until up";

    public const string Down = "down";
    public const string Restart = "restart";

    /// <summary>Kills one service, as <c>kill -9</c> does: a demonstration, or a drill.</summary>
    public const string Kill = "kill";

    /// <summary>
    /// The emitter makes so many events a second from now on, or such shares of bad ones; those that follow it too. Is answered with what
    /// it was asked for and is.
    /// </summary>
    public const string Rate = "rate";

    /// <summary>Puts a mark on the time axis of whoever watches the stand.</summary>
    public const string Mark = "mark";

    /// <summary>A drill: the stand's broker does what <see cref="Broker"/> says.</summary>
    public const string Fault = "fault";

    /// <summary>Is answered with the last status document, where there is one.</summary>
    public const string Status = "status";

    /// <summary>
    /// Is answered with the status documents of the last hour, and with each new one until whoever asks goes away.
    /// </summary>
    public const string Watch = "watch";

    /// <summary>Is answered with what the services last measured of themselves.</summary>
    public const string Meters = "meters";

    /// <summary>The definitions were edited: what makes events stops, setup runs, and what makes events starts by the new ones.</summary>
    public const string Apply = "apply";

    /// <summary>With <see cref="Rate"/>: events a second; 0 for as many as Kafka takes; null: as before.</summary>
    public int? EventsPerSecond { get; init; }

    /// <summary>With <see cref="Rate"/>: how much of the events is bad on purpose; null: as before.</summary>
    public ShareChange? Shares { get; init; }

    /// <summary>With <see cref="Mark"/>: what was done, in a few words; <see cref="Service"/> is to whom.</summary>
    public string? Text { get; init; }

    /// <summary>With <see cref="Fault"/>.</summary>
    public BrokerOrder? Broker { get; init; }

    /// <summary>With <see cref="Apply"/>: what may be lost, as <c>--allow</c> takes it.</summary>
    public IReadOnlyCollection<string> Allow { get; init; } = [];

    /// <summary>With <see cref="Watch"/>: the feed and number of the last document that is known; null and 0 for the whole past.</summary>
    public string? Feed { get; init; }

    /// <inheritdoc cref="Feed"/>
    public long After { get; init; }

    public static ControlRequest Of(BrokerOrder order) => new(Fault) { Broker = order };

    public static ControlRequest? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, SupervisionJson.Default.ControlRequest); }
        catch (JsonException) { return null; }
    }

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.ControlRequest);
}

/// <summary>
/// One line of JSON of the supervisor's answer: a line for each service that changes while the work goes on, or for each status document,
/// and one with neither when it is done. Immutable.
/// </summary>
/// <param name="Error">One sentence; null when it went well.</param>
sealed record ControlAnswer(string? Error, ServiceStatus? Service = null)
{
    public static readonly ControlAnswer Done = new((string?)null);

    /// <summary>With <see cref="ControlRequest.Watch"/>.</summary>
    public StatusDocument? Status { get; init; }

    /// <summary>With <see cref="ControlRequest.Rate"/>: what the emitter was asked for before; null where nobody knows.</summary>
    public EmitterLoad? Was { get; init; }

    /// <summary>With <see cref="ControlRequest.Rate"/>: what it is asked for now.</summary>
    public EmitterLoad? Is { get; init; }

    /// <summary>With <see cref="ControlRequest.Meters"/>: of each service that has told any.</summary>
    public IReadOnlyList<ServiceReadings>? Readings { get; init; }

    public static ControlAnswer? Parse(string line) => JsonSerializer.Deserialize(line, SupervisionJson.Default.ControlAnswer);

    public override string ToString() => JsonSerializer.Serialize(this, SupervisionJson.Default.ControlAnswer);
}
