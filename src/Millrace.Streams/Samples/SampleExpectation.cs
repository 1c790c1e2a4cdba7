namespace Millrace.Streams.Samples;

/// <summary>What becomes of a record.</summary>
public enum SampleFate
{
    Row,
    DeadLetter,

    /// <summary>Neither: it has no value.</summary>
    Nothing,
}

/// <summary>What should become of a record. Immutable.</summary>
public sealed record SampleExpectation(SampleFate Fate)
{
    public static SampleExpectation Row { get; } = new(SampleFate.Row);

    /// <summary>Of a row: columns, each with ClickHouse's text of its value, null for NULL. The others may hold anything.</summary>
    public IReadOnlyList<(string Column, string? Text)> Columns { get; init; } = [];

    /// <summary>Of a dead letter: what its reason holds; null for any reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a dead letter: a column that failed; null for any.</summary>
    public string? Column { get; init; }

    /// <summary>A row with any values: nothing of it has to be looked at.</summary>
    internal bool IsAnyRow => Fate == SampleFate.Row && Columns.Count == 0;

    /// <summary>As samples and reports write it.</summary>
    public static string WordOf(SampleFate fate) => fate switch
    {
        SampleFate.Row => "row",
        SampleFate.DeadLetter => "dead_letter",
        _ => "nothing",
    };
}
