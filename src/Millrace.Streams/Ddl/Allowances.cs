namespace Millrace.Streams.Ddl;

/// <summary>
/// What a user lets a plan lose: words as <see cref="Operation.Needs"/> gives them, such as <c>drop-column:orders.coupon</c>. Immutable.
/// </summary>
public sealed class Allowances(IReadOnlyCollection<string> words)
{
    public static Allowances None { get; } = new([]);

    public IReadOnlyCollection<string> Words => words;

    /// <summary>What of <paramref name="operations"/> needs a word that is not here.</summary>
    public IEnumerable<Operation> Missing(IEnumerable<Operation> operations) =>
        operations.Where(operation => operation.Needs is { } word && !words.Contains(word));

    /// <exception cref="DdlRefusedException">Something is not allowed.</exception>
    public void Require(IEnumerable<Operation> operations)
    {
        if (Missing(operations).ToList() is not [var first, ..] missing) return;
        var what = first.Kind == OperationKind.ExpireColumn
            ? $"{first.Object}.{first.Column} is to have {first.Becomes}, which empties what is past it "
                + $"in a table of {first.LosesRows} rows: write a longer one, or allow it with  "
            : $"{first.Object} has a column {first.Column} that the definition no longer names, in a table of {first.LosesRows} rows: "
                + "put it back, name it in the definition of the column that takes its place (was:), or let it go with  ";
        throw new DdlRefusedException(
            what + $"millrace apply {string.Join(' ', missing.Select(operation => $"--allow {operation.Needs}"))}");
    }
}
