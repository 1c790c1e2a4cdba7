using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Gives a target table what no ALTER can: another order key, or a type that does not hold all values of before. A table that is as defined
/// is filled with the rows that are there, while the stream is read on; then the stream stops, what it stored meanwhile follows, both are
/// compared, and they change names in one step. Up to there the rows of before are untouched, and afterwards both have all of them: killed
/// at any point, the next setup begins anew or clears up (docs/decisions/0019-plans.md). Immutable.
/// </summary>
sealed partial class TableRebuild
{
    const string Infix = "_rebuild_";
    const int FingerprintBytes = 4;

    readonly StreamDefinition _stream;
    readonly TableState _table;
    readonly string _shadow;
    readonly IReadOnlyList<CopiedColumn> _columns;

    /// <param name="create">Makes the new table from its name.</param>
    /// <param name="columns">Those that are taken over.</param>
    public TableRebuild(
        StreamDefinition stream, TableState table, Operation operation, Func<string, string> create, IReadOnlyList<CopiedColumn> columns)
    {
        (_stream, _table, Operation, _columns) = (stream, table, operation, columns);
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(create("")));
        _shadow = $"{table.Name}{Infix}{Convert.ToHexStringLower(fingerprint.AsSpan(0, FingerprintBytes))}";
        CreateSql = create(_shadow);
    }

    public Operation Operation { get; }

    /// <summary>Columns that are not taken over.</summary>
    public IReadOnlyList<Operation> Drops { get; init; } = [];

    /// <summary>Finds values that the new table can't hold.</summary>
    public IEnumerable<ValueCheck> Checks => _columns.Select(column => column.Check(_table.Name)).OfType<ValueCheck>();

    string CreateSql { get; }

    /// <summary>While the stream is read on.</summary>
    public IReadOnlyList<DdlStatement> Filling =>
    [
        Step($"DROP TABLE IF EXISTS {_shadow} SYNC", "what an attempt of before left"),
        Step(CreateSql, Operation.Why),
        Step($"{Insert}\nFROM {_table.Name}", $"{_table.Name} is copied while it is written to"),
    ];

    /// <summary>While it is not.</summary>
    public IReadOnlyList<DdlStatement> Exchanging =>
    [
        Step(
            $"""
            {Insert}
            FROM (
                {Sql.Indented(StoredOffsets.With(_shadow, _stream.Topic)).TrimStart()}
                SELECT p.* FROM {_table.Name} AS p WHERE p.kafka_topic = {Sql.Text(_stream.Topic)} AND is_past
            )
            """,
            "what was stored meanwhile"),
        Step(
            $"SELECT throwIf((SELECT count() FROM {_shadow}) != (SELECT count() FROM {_table.Name}), "
                + $"{Sql.Text($"rows of {_table.Name} were changed by somebody else while they were copied: do it again")})",
            "not a row may be missing"),
        Step($"EXCHANGE TABLES {_shadow} AND {_table.Name}", $"{_shadow} is as defined, and complete"),
    ];

    /// <summary>Once the stream is read again.</summary>
    public IReadOnlyList<DdlStatement> Clearing => [Step($"DROP TABLE IF EXISTS {_shadow} SYNC", "its rows are in the new table")];

    /// <summary>Tables that rebuilds of <paramref name="target"/> made, by their names, and that are the stand's.</summary>
    public static IEnumerable<TableState> Leftovers(string target, string stand, DatabaseState state) => state.Tables
        .Where(table => table.Name.StartsWith(target + Infix, StringComparison.Ordinal)
            && Fingerprint().IsMatch(table.Name[(target + Infix).Length..])
            && StandMark.OwnerIn(table.Comment) == stand)
        .OrderBy(table => table.Name, StringComparer.Ordinal);

    string Insert =>
        $"""
        INSERT INTO {_shadow} ({string.Join(", ", _columns.Select(column => column.Name))})
        SELECT
            {Sql.Lines(_columns.Select(column => column.Value))}
        """;

    DdlStatement Step(string sql, string why) => new(sql, Operation, why);

    [GeneratedRegex(@"^[0-9a-f]{8}\z")]
    private static partial Regex Fingerprint();
}
