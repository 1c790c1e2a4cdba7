using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>What the stand's database held at one moment. Immutable.</summary>
sealed class DatabaseState(
    IReadOnlyList<TableState> tables, IReadOnlyList<ColumnState> columns, IReadOnlyList<ProjectionState> projections)
{
    readonly Dictionary<string, TableState> _tables = tables.ToDictionary(table => table.Name);
    readonly ILookup<string, ColumnState> _columns = columns.ToLookup(column => column.Table);
    readonly ILookup<string, string> _projections = projections.ToLookup(projection => projection.Table, projection => projection.Name);

    public IReadOnlyCollection<TableState> Tables => _tables.Values;

    public static async Task<DatabaseState> ReadAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        var tables = client.QueryAsync<TableState>(
            "SELECT name, engine, comment, sorting_key, ifNull(total_rows, 0) AS rows, ifNull(total_bytes, 0) AS bytes, "
                + "engine_full "
                + "FROM system.tables WHERE database = currentDatabase()", cancellation: cancellation);
        var columns = client.QueryAsync<ColumnState>(
            "SELECT table, name, type, default_kind, default_expression, comment, compression_codec AS codec FROM system.columns "
                + "WHERE database = currentDatabase() ORDER BY table, position",
            cancellation: cancellation);
        var projections = client.QueryAsync<ProjectionState>(
            "SELECT table, name FROM system.projections WHERE database = currentDatabase()", cancellation: cancellation);
        return new DatabaseState(
            await tables.ConfigureAwait(false), await columns.ConfigureAwait(false), await projections.ConfigureAwait(false));
    }

    /// <summary>With the TTLs of the target tables' columns, for those who compare tables with their definitions.</summary>
    public static async Task<DatabaseState> ReadAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        var ttls = ColumnTtls.ReadAsync(client, catalog, cancellation);
        var state = await ReadAsync(client, cancellation).ConfigureAwait(false);
        return state.With(await ttls.ConfigureAwait(false));
    }

    /// <summary>As this, with what <see cref="TableMutations"/> found.</summary>
    public DatabaseState With(ILookup<string, string> mutations) =>
        new(tables, columns, projections) { Mutations = mutations, Ttls = Ttls };


    DatabaseState With(ColumnTtls ttls) => new(tables, columns, projections) { Mutations = Mutations, Ttls = ttls };

    public TableState? Find(string table) => _tables.GetValueOrDefault(table);

    public bool Holds(DdlObject made) => Find(made.Name) is { } table && made.IsHeldAs(table);

    /// <summary>In the order of the table.</summary>
    public IEnumerable<ColumnState> ColumnsOf(string table) => _columns[table];

    /// <summary>Ids of the mutations that each table was given; of none where nobody asked for them.</summary>
    public ILookup<string, string> Mutations { get; private init; } = Array.Empty<string>().ToLookup(id => id);

    /// <summary>null where nobody asked for them: then those that differ are not found.</summary>
    public ColumnTtls? Ttls { get; private init; }

    /// <summary>By name.</summary>
    public IEnumerable<string> ProjectionsOf(string table) => _projections[table];
}

/// <summary>A row of system.tables.</summary>
/// <param name="Rows">0 also where ClickHouse does not know.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="EngineFull">The engine with its clauses, as CREATE TABLE has them.</param>
sealed record TableState(
    string Name, string Engine, string Comment, string SortingKey, long Rows = 0, long Bytes = 0, string EngineFull = "");

/// <summary>A row of system.columns.</summary>
/// <param name="DefaultKind">Empty for a column whose value every row states.</param>
/// <param name="Codec">As in CODEC(Delta(8), ZSTD(1)); empty for ClickHouse's own choice.</param>
sealed record ColumnState(
    string Table, string Name, string Type, string DefaultKind, string Comment, string DefaultExpression = "", string Codec = "");

/// <summary>A row of system.projections.</summary>
sealed record ProjectionState(string Table, string Name);
