using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Streams.Definition;
using Millrace.Streams.Events;
using Millrace.Streams.Status;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Output;

/// <summary>The live table: a line per stream, the emitter's second, and what is wrong.</summary>
static class FlowTable
{
    const string Unknown = "-";

    /// <param name="status">null when it is not known what flows.</param>
    /// <param name="troubles">One line each, shown below the table.</param>
    public static IRenderable Render(StandStatus? status, EmitterSummary? emitter, IReadOnlyList<string> troubles)
    {
        var lines = new List<IRenderable>();
        if (status is not null) lines.AddRange([Streams(status), Text.Empty]);
        if (emitter is not null) lines.Add(new Text(Line(emitter)));
        lines.AddRange(troubles.Select(trouble => new Text(trouble, new Style(Color.Yellow))));
        if (status is not null) lines.AddRange(Paused(status).Select(sentence => new Text(sentence)));
        lines.Add(new Text($"Ctrl-C stops the stand. Elsewhere: {Self.Command} sql | ps | logs -f | audit", new Style(decoration: Decoration.Dim)));
        return new Rows(lines);
    }

    public static string Line(EmitterSummary emitter)
    {
        var isBounded = emitter.TargetPerSecond > 0 || emitter.RateProfile is not null;
        var wanted = isBounded ? $" of {Humanize.Count(emitter.TargetPerSecond)}" : "";
        if (emitter.RateProfile is { } profile) wanted += $" ({profile})";
        var malformed = emitter.Malformed > 0 ? $", {Humanize.Count(emitter.Malformed)} malformed" : "";
        var waiting = emitter.IsWaiting ? "; waiting for Kafka" : "";
        return $"emitter: {Rate(emitter.GeneratedPerSecond)} events/s{wanted}, {Humanize.Count(emitter.Acknowledged)} acknowledged, "
            + $"{Humanize.Count(emitter.InFlight)} in flight, {Humanize.Count(emitter.Failed)} failed{malformed}{waiting}";
    }

    /// <summary>Why nobody can ask what flows.</summary>
    public static string Unknowable(string trouble) => $"What flows is not known: {trouble}";

    /// <summary>Why something is not known, or waits.</summary>
    public static IEnumerable<string> Troubles(StandStatus status) =>
        new[] { status.KafkaTrouble, status.ClickHouseTrouble }.Concat(status.Streams.Select(stream => stream.Trouble)).OfType<string>();

    /// <summary>Which streams wait because somebody wants it so.</summary>
    public static IEnumerable<string> Paused(StandStatus status) =>
        status.Streams.Where(stream => stream.Paused is true)
            .Select(stream => PauseSentence.Of(stream.Stream, stream.Topic, Self.Command));

    static AnswerTable Streams(StandStatus status)
    {
        var table = Terminal.Table("TOPIC", "PRODUCED/S>", "LAG>", "TABLE", "ROWS/S>", "ROWS>", "DEAD>", "P50 MS>", "P99 MS>")
            .Dropping("P50 MS", "TABLE", "ROWS/S", "PRODUCED/S", "ROWS");
        foreach (var stream in status.Streams)
            table.AddRow(Markup.Escape(stream.Topic), Rate(stream.ProducedPerSecond), Count(stream.Lag), Markup.Escape(stream.TargetTable),
                stream.Paused is true ? "paused" : Rate(stream.RowsPerSecond), Count(stream.Rows), Count(stream.DeadLetters),
                Rate(stream.LatencyP50), Rate(stream.LatencyP99));
        return table;
    }

    public static string Count(long? count) => count is { } known ? Humanize.Count(known) : Unknown;

    public static string Rate(double? rate) => rate?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;
}
