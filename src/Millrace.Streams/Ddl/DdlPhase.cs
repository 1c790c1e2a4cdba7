namespace Millrace.Streams.Ddl;

/// <summary>
/// Series of statements that do not depend on each other; in each, one statement follows the other. The next phase begins when all have
/// ended. Immutable.
/// </summary>
/// <param name="Series">None is empty.</param>
sealed record DdlPhase(IReadOnlyList<IReadOnlyList<DdlStatement>> Series)
{
    public static DdlPhase OneByOne(IEnumerable<DdlStatement> statements) => SideBySide([statements]);

    public static DdlPhase SideBySide(IEnumerable<IEnumerable<DdlStatement>> series) =>
        new([.. series.Select(statements => (IReadOnlyList<DdlStatement>)[.. statements]).Where(statements => statements.Count > 0)]);
}
