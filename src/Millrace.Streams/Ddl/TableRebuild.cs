using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;

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

    readonly TableState _table;
    readonly string _shadow;
    readonly string _createSql;
    readonly IReadOnlyList<CopiedColumn> _columns;
    readonly IReadOnlyList<string> _mutations;

    /// <param name="create">Makes the new table from its name.</param>
    /// <param name="columns">Those that are taken over.</param>
    /// <exception cref="DdlRefusedException">The name of the new table is somebody else's.</exception>
    public TableRebuild(
        TableState table, string stand, DatabaseState state, Operation operation, Func<string, string> create,
        IReadOnlyList<CopiedColumn> columns)
    {
        (_table, Operation, _columns, _mutations) = (table, operation, columns, [.. state.Mutations[table.Name]]);
        _shadow = $"{table.Name}{Infix}{SqlFingerprint.Of(create(""), FingerprintBytes)}";
        _createSql = create(_shadow);
        if (state.Find(_shadow) is { } taken) Ownership.RequireTable(taken, stand, "rename it (RENAME TABLE)");
    }

    public Operation Operation { get; }

    /// <summary>What of the columns is lost.</summary>
    public IReadOnlyList<Operation> Drops { get; init; } = [];

    /// <summary>Find what would be lost.</summary>
    public IEnumerable<ValueCheck> Checks => _columns.Select(column => column.Check).OfType<ValueCheck>();

    public RebuildRoom Room => new(_table.Name, _table.Bytes);

    /// <summary>
    /// While the stream is read on. What came during the copy follows once here, so that little is left for the standstill.
    /// </summary>
    public IReadOnlyList<DdlStatement> Filling =>
    [
        Step($"DROP TABLE IF EXISTS {_shadow} SYNC", "what an attempt of before left"),
        Step(_createSql, Operation.Why),
        Step($"{Insert}\nFROM {_table.Name}\n{Settings}", $"{_table.Name} is copied while it is written to"),
        Step(CatchUp, "what was stored meanwhile"),
    ];

    /// <summary>While it is not.</summary>
    public IReadOnlyList<DdlStatement> Exchanging =>
    [
        Step(CatchUp, "what was stored meanwhile"),
        Step(
            $"SELECT throwIf((SELECT count() FROM {_shadow}) != (SELECT count() FROM {_table.Name}) OR {IsMutated}, "
                + $"{Sql.Text($"somebody else changed rows of {_table.Name} while they were copied: do it again when nobody does")})",
            "not a row may be missing, and none have been changed"),
        Step($"EXCHANGE TABLES {_shadow} AND {_table.Name}", $"{_shadow} is as defined, and complete") with { ChangesTable = true },
    ];

    /// <summary>Once the stream is read again.</summary>
    public IReadOnlyList<DdlStatement> Clearing => [Step($"DROP TABLE IF EXISTS {_shadow} SYNC", "its rows are in the new table")];

    /// <summary>
    /// What rebuilds of before left, by their names, where it is the stand's and has no row more than the table that is in use.
    /// </summary>
    public static IEnumerable<TableState> Leftovers(TableState target, string stand, DatabaseState state) => state.Tables
        .Where(table => table.Name.StartsWith(target.Name + Infix, StringComparison.Ordinal)
            && Fingerprint().IsMatch(table.Name[(target.Name + Infix).Length..])
            && StandMark.OwnerIn(table.Comment) == stand
            && table.Rows <= target.Rows)
        .OrderBy(table => table.Name, StringComparer.Ordinal);

    public bool Makes(string table) => table == _shadow;

    string Insert =>
        $"""
        INSERT INTO {_shadow} ({string.Join(", ", _columns.Select(column => column.Name))})
        SELECT
            {Sql.Lines(_columns.Select(column => column.Value))}
        """;

    /// <summary>
    /// Rows past the highest offset of each partition that is there, as of decision 0002: what the first copy did not see came after it.
    /// </summary>
    string CatchUp =>
        $"""
        {Insert}
        FROM {_table.Name}
        LEFT ANY JOIN (
            SELECT kafka_topic, kafka_partition, max(kafka_offset) + 1 AS next_offset FROM {_shadow} GROUP BY kafka_topic, kafka_partition
        ) AS held USING (kafka_topic, kafka_partition)
        WHERE kafka_offset >= held.next_offset
        {Settings}
        """;

    /// <summary>An UPDATE or DELETE that the copy may not have seen.</summary>
    string IsMutated
    {
        get
        {
            var known = string.Join(", ", _mutations.Select(Sql.Text).Prepend("''"));
            return "(SELECT count() FROM system.mutations WHERE database = currentDatabase() "
                + $"AND table = {Sql.Text(_table.Name)} AND (NOT is_done OR mutation_id NOT IN ({known}))) > 0";
        }
    }

    /// <summary>A value that was computed once, as by now(), stays as it is.</summary>
    const string Settings = "SETTINGS insert_allow_materialized_columns = 1, join_use_nulls = 0";

    DdlStatement Step(string sql, string why) => new(sql, Operation, why);

    [GeneratedRegex(@"^[0-9a-f]{8}\z")]
    private static partial Regex Fingerprint();
}

/// <summary>Whether there is room for a second copy of a table. Immutable.</summary>
sealed record RebuildRoom(string Table, long Bytes)
{
    /// <summary>Of what the table takes: parts are written before they are merged.</summary>
    const double Share = 1.5;

    /// <exception cref="DdlRefusedException">There is not.</exception>
    public async Task RequireAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var found = await client
            .QueryAsync<Found>("SELECT min(unreserved_space) AS free FROM system.disks WHERE type = 'Local'", cancellation: cancellation)
            .ConfigureAwait(false);
        if (found is not [{ Free: var free }] || free == 0 || free >= Bytes * Share) return;
        throw new DdlRefusedException(
            $"{Table} takes {Bytes} bytes and has to be written once more, and ClickHouse has {free} left on its disk: make room first");
    }

    sealed record Found(long Free);
}
