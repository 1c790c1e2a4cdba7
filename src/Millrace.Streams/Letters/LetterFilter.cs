using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;

namespace Millrace.Streams.Letters;

/// <summary>Which dead letters of a topic are meant. Immutable.</summary>
public sealed record LetterFilter
{
    public static LetterFilter All { get; } = new();

    /// <summary>A part of the reason or, with a <c>%</c>, a pattern of LIKE; null: any.</summary>
    public string? Reason { get; init; }

    /// <summary>One that failed; null: whichever.</summary>
    public string? Column { get; init; }

    /// <summary>When it became a dead letter, inclusive; null: ever.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it became a dead letter at the latest, inclusive; null: ever.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Exclusive ends of partitions, those of others not meant; null: all. Beside <see cref="Until"/>, as a letter has the time at which
    /// its flush began.
    /// </summary>
    internal IReadOnlyDictionary<int, long>? Ends { get; init; }

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<LetterRange> Offsets { get; init; } = [];

    /// <summary>The condition for rows of a dead letters table, which begins with the columns of its order key.</summary>
    internal string Sql(string topic)
    {
        List<string> conditions = [$"kafka_topic = {ClickHouse.Sql.Text(topic)}"];
        if (Offsets.Count > 0) conditions.Add($"({string.Join(" OR ", Offsets.Select(range => range.Sql))})");
        if (Since is { } since) conditions.Add($"inserted_at >= {Moment(since)}");
        if (Until is { } until) conditions.Add($"inserted_at <= {Moment(until)}");
        if (Ends is { } ends) conditions.Add(PartitionEnds.IsBelow(ends));
        if (Column is { } column) conditions.Add($"has(failed_columns, {ClickHouse.Sql.Text(column)})");
        if (Reason is { } reason)
            conditions.Add(reason.Contains('%', StringComparison.Ordinal)
                ? $"reason LIKE {ClickHouse.Sql.Text(reason)}"
                : $"position(reason, {ClickHouse.Sql.Text(reason)}) > 0");
        return string.Join(" AND ", conditions);
    }

    static string Moment(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"fromUnixTimestamp64Milli(toInt64({time.ToUnixTimeMilliseconds()}))");

    /// <summary>The condition for those that wait.</summary>
    internal string WaitingSql(string topic) => $"{Sql(topic)} AND {DeadLettersSql.Waits}";
}

/// <summary>Offsets of a partition. Immutable.</summary>
/// <param name="To">Inclusive.</param>
public sealed record LetterRange(int Partition, long From, long To)
{
    internal string Sql => string.Create(
        CultureInfo.InvariantCulture, $"(kafka_partition = {Partition} AND kafka_offset >= {From} AND kafka_offset <= {To})");

    /// <summary>Reads <c>P:A-B</c> or <c>P:A</c>; null where it is neither.</summary>
    public static LetterRange? Parse(string text)
    {
        if (text.Split(':') is not [var partition, var offsets]) return null;
        var ends = offsets.Split('-');
        if (ends.Length > 2 || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (!long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)) return null;
        if (!long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to) || to < from) return null;
        return new LetterRange(number, from, to);
    }
}
