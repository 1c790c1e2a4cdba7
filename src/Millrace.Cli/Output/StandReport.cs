using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Streams.Events;
using Spectre.Console;

namespace Millrace.Cli.Output;

/// <summary>What <c>ps</c> answers. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
/// <param name="Phase">starting, running, stopping or down.</param>
/// <param name="Kafka">Bootstrap string; null when the stand is down.</param>
/// <param name="Troubles">Streams whose records wait.</param>
sealed record StandReport(
    string Data, string Phase, string? Kafka, Uri? Clickhouse, IReadOnlyList<ServiceReport> Services, IReadOnlyList<StreamTrouble> Troubles)
{
    /// <summary>Its last second; null where it has told of none, or the supervisor does not answer.</summary>
    public EmitterSummary? Emitter { get; init; }

    /// <summary>Streams that are paused, by name, as the supervisor last found them.</summary>
    public IReadOnlyList<string> Paused { get; init; } = [];

    public static StandReport Of(StandPaths paths, StandState? stand, DateTimeOffset now) => stand is null
        ? new StandReport(paths.Data, "down", null, null, [], [])
        : new StandReport(
            paths.Data, StateWord.Of(stand.Phase), stand.Kafka, stand.ClickHouse,
            [.. stand.Services.Select(service => ServiceReport.Of(service, now))], stand.Troubles);

    public AnswerTable ToTable()
    {
        var table = Terminal.Table("SERVICE", "STATE", "PID>", "FOR>", "RESTARTS>", "MEMORY>", "ENDPOINT", "LAST EXIT")
            .Dropping("LAST EXIT", "RESTARTS", "MEMORY", "FOR", "PID");
        foreach (var service in Services)
            table.AddRow(
                Markup.Escape(service.Name), service.State, $"{service.Pid}", Humanize.Duration(TimeSpan.FromSeconds(service.Seconds)),
                $"{service.Restarts}", service.RssBytes > 0 ? Humanize.Bytes(service.RssBytes) : "", service.Endpoint ?? "",
                Markup.Escape(service.LastExit ?? ""));
        return table;
    }
}

/// <summary>One service in <see cref="StandReport"/>. Immutable.</summary>
/// <param name="Seconds">How long it has been in this state.</param>
/// <param name="RssBytes">Memory in RAM; 0 while no process lives.</param>
sealed record ServiceReport(string Name, string State, int? Pid, long Seconds, int Restarts, long RssBytes, string? Endpoint, string? LastExit)
{
    public static ServiceReport Of(ServiceStatus service, DateTimeOffset now) => new(
        service.Name,
        StateWord.Of(service.State),
        service.Process?.Pid,
        (long)(now - service.Since).TotalSeconds,
        service.Restarts,
        service.Process?.ResidentBytes ?? 0,
        service.Endpoint,
        service.LastExit);
}
