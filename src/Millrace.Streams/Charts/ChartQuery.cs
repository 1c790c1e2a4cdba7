using Millrace.Streams.Ddl;

namespace Millrace.Streams.Charts;

/// <summary>How the answer to a <see cref="ChartQuery"/> is drawn.</summary>
public enum ChartKind
{
    /// <summary>Along the first column; a text beside it splits the numbers into lines.</summary>
    Lines,

    /// <summary>A row for each value of the first column, as long as the second says.</summary>
    Bars,
}

/// <summary>One chart of what the events are about, and the query that gives it. Immutable.</summary>
/// <param name="Title">What is shown, without <paramref name="About"/>.</param>
/// <param name="About">The stream or the column, by its name; empty where the title says all.</param>
public sealed record ChartQuery(string Title, string About, ChartKind Kind, string Sql)
{
    /// <summary>The end of the last minute that is over.</summary>
    const string Whole = "toStartOfMinute(now())";

    /// <summary>A row for each minute from the first with rows on, 0 for one without: a stream that stops is a line that falls.</summary>
    internal const string ByMinute = $"minute WITH FILL TO {Whole} STEP toIntervalMinute(1)";

    /// <summary>No query looks further back: the tables may hold months.</summary>
    internal static string Recent(string table) =>
        $"{table} WHERE inserted_at > now() - INTERVAL 60 MINUTE AND {PartsSql.OfLastHour(table)}";

    /// <summary>As <see cref="Recent"/>, without the minute that runs: its rows are still to come.</summary>
    internal static string RecentMinutes(string table) =>
        $"{table} WHERE inserted_at >= {Whole} - INTERVAL 60 MINUTE AND inserted_at < {Whole} AND {PartsSql.OfLastHour(table)}";
}
