namespace Millrace.Streams.Samples;

/// <summary>Compares what became of a sample with what should have.</summary>
static class SampleJudge
{
    /// <param name="rows">Of its offset: the texts of the stream's columns, or nothing where they were not asked for.</param>
    public static SampleVerdict Judge(
        SampleRecord sample, IReadOnlyList<IReadOnlyList<string?>> rows, IReadOnlyList<StoredLetter> letters)
    {
        var fate = rows.Count > 0 ? SampleFate.Row : letters.Count > 0 ? SampleFate.DeadLetter : SampleFate.Nothing;
        var row = rows is [{ Count: > 0 } texts, ..] ? Named(sample, texts) : null;
        var letter = fate == SampleFate.DeadLetter ? letters[0] : null;
        var fault = rows.Count + letters.Count > 1
            ? $"is stored {rows.Count + letters.Count} times"
            : Fault(sample, fate, row, letter);
        return new SampleVerdict(
            sample.Stream.Name, sample.File, sample.Line, sample.Name, sample.Partition, sample.Offset, SampleExpectation.WordOf(fate),
            row, letter?.Reason, letter?.FailedColumns ?? [], SampleExpectation.WordOf(sample.Expected.Fate), fault);
    }

    static Dictionary<string, string?> Named(SampleRecord sample, IReadOnlyList<string?> texts) =>
        sample.Stream.Columns.Zip(texts).ToDictionary(one => one.First.Name, one => one.Second);

    static string? Fault(SampleRecord sample, SampleFate fate, Dictionary<string, string?>? row, StoredLetter? letter)
    {
        var expected = sample.Expected;
        if (fate != expected.Fate) return Instead(sample, fate, letter);
        if (letter is not null) return Fault(expected, letter);
        var wrong = expected.Columns.Where(column => row?[column.Column] != column.Text)
            .Select(column => $"{column.Column} is {Shown(row![column.Column])}, not {Shown(column.Text)}").ToList();
        return wrong.Count > 0 ? string.Join("; ", wrong) : null;
    }

    static string Instead(SampleRecord sample, SampleFate fate, StoredLetter? letter) => fate switch
    {
        SampleFate.Row => "is a row",
        SampleFate.DeadLetter => $"is a dead letter: {letter!.Reason}",
        _ when sample.Value is null or [] => "has no value, so it becomes neither row nor dead letter",
        _ => "became neither row nor dead letter",
    };

    static string? Fault(SampleExpectation expected, StoredLetter letter)
    {
        if (expected.Column is { } column && !letter.FailedColumns.Contains(column))
            return $"is a dead letter, but not for {column}: {letter.Reason}";
        if (expected.Reason is { } reason && !letter.Reason.Contains(reason, StringComparison.Ordinal))
            return $"is a dead letter, but not because of '{reason}': {letter.Reason}";
        return null;
    }

    static string Shown(string? text) => text is null ? "NULL" : text.Length == 0 ? "empty" : text;
}
