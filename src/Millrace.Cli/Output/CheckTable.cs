using Millrace.Cli.Basics;
using Millrace.Streams.Explain;
using Millrace.Streams.Samples;
using Spectre.Console;

namespace Millrace.Cli.Output;

/// <summary>A check as people read it: the records, what is wrong with which, and one sentence.</summary>
static class CheckTable
{
    /// <summary>With more records, only those that fail are listed, and of these the first so many.</summary>
    const int MostListed = 100;

    /// <summary>Characters of a row or reason in the table; a fault is told whole.</summary>
    const int LongestCell = 100;

    public static void Write(CheckReport report)
    {
        var listed = Listed(report);
        if (listed.Count > 0)
        {
            var table = Terminal.Table("STREAM", "RECORD", "OUTCOME", "EXPECTED", "ROW OR REASON")
                .Dropping("ROW OR REASON", "EXPECTED");
            foreach (var verdict in listed)
                table.AddRow(
                    Markup.Escape(verdict.Stream), Cell(Place(verdict)), verdict.Outcome, verdict.Expected, Cell(RowOrReason(verdict)));
            Terminal.Write(table);
            foreach (var verdict in listed.Where(verdict => verdict.Fault is not null))
                Console.Out.WriteLine($"{RecordText.Escape(Place(verdict))}: {RecordText.Escape(verdict.Fault!)}");
        }
        Console.Out.WriteLine(Sentence(report, listed.Count(verdict => verdict.Fault is not null)));
    }

    /// <summary>Where it stands, as editors and terminals jump to it, and what it is called.</summary>
    public static string Place(SampleVerdict verdict) =>
        $"{verdict.File}:{verdict.Line}{(verdict.Name is { } name ? $" {name}" : "")}";

    static List<SampleVerdict> Listed(CheckReport report)
    {
        var listsAll = report.Streams.Sum(stream => stream.Records) <= MostListed;
        return [.. report.Records.Where(verdict => listsAll || verdict.Fault is not null).Take(MostListed)];
    }

    static string RowOrReason(SampleVerdict verdict) =>
        verdict.Reason ?? string.Join(", ", verdict.Row?.Select(column => $"{column.Key}={column.Value ?? "NULL"}") ?? []);

    static string Cell(string text) =>
        Markup.Escape(RecordText.Escape(text.Length > LongestCell ? $"{text[..LongestCell]}..." : text));

    static string Sentence(CheckReport report, long listed)
    {
        var (records, failed) = (report.Streams.Sum(stream => stream.Records), report.Streams.Sum(stream => stream.Failed));
        var definitions = Counted(report.Streams.Count, "definition");
        if (records == 0) return $"{definitions}: well. No record was checked.";
        var outcome = failed == 0 ? "all as expected" : $"{Humanize.Count(records - failed)} as expected, {Humanize.Count(failed)} not";
        var more = failed > listed ? $", of which the first {Humanize.Count(listed)} are above" : "";
        return $"{definitions}, {Counted(records, "record")}: {outcome}{more}.";
    }

    static string Counted(long count, string what) => $"{Humanize.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
