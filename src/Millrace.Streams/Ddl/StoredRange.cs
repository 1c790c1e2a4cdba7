namespace Millrace.Streams.Ddl;

/// <summary>
/// What every table that takes records has so that <see cref="StoredOffsets"/> can ask it: origin columns and a projection.
/// </summary>
static class StoredRange
{
    /// <summary>
    /// Keeps first and last record of each partition beside every part, a row or two, so that the view's question costs no scan.
    /// </summary>
    public const string ProjectionName = "stored_range";

    /// <summary>The first release's, without the first record and without timestamps at the ends.</summary>
    public const string FormerProjection = "stored_offsets";

    /// <summary>
    /// DELETE FROM refuses a table with projections unless told what becomes of them.
    /// Old parts are kept for 60 s instead of 480: Linux writes dirty pages back within 30 s (vm.dirty_expire_centisecs), and flushes leave
    /// 15 parts a second.
    /// A part keeps its columns in one file up to 128 MiB instead of 10: merging what the flushes leave is a third of all work, and takes a
    /// third less so (bench/results/2026-11-27.md).
    /// </summary>
    public const string TableSettings =
        "lightweight_mutation_projection_mode = 'rebuild', old_parts_lifetime = 60, min_bytes_for_wide_part = 134217728";

    public const string Projection = $"PROJECTION {ProjectionName} {Query}";

    const string Query =
        "(SELECT kafka_topic, kafka_partition, max(kafka_offset), max(kafka_timestamp), min(kafka_offset), " +
        "argMin(kafka_timestamp, kafka_offset), argMax(kafka_timestamp, kafka_offset) GROUP BY kafka_topic, kafka_partition)";

    /// <summary>The columns that say which record a row came from.</summary>
    public static IReadOnlyList<string> OriginColumns { get; } =
        ["kafka_topic LowCardinality(String)", "kafka_partition UInt32", "kafka_offset UInt64", "kafka_timestamp DateTime64(3)"];

    /// <summary>
    /// Gives a table of an older version its projection. Until ClickHouse has made it of the rows that are there, in the background, each
    /// flush reads their origin columns.
    /// </summary>
    public static IEnumerable<DdlStatement> Statements(string table, DatabaseState state)
    {
        var projections = state.ProjectionsOf(table);
        if (projections.Contains(ProjectionName)) yield break;
        var operation = new Operation(
            OperationKind.AddProjection, table, $"{table} does not keep first and last record of each partition");
        yield return new DdlStatement($"ALTER TABLE {table} ADD PROJECTION IF NOT EXISTS {ProjectionName} {Query}", operation);
        yield return new DdlStatement($"ALTER TABLE {table} MATERIALIZE PROJECTION {ProjectionName}", operation);
        if (projections.Contains(FormerProjection))
        {
            yield return new DdlStatement(
                $"ALTER TABLE {table} DROP PROJECTION IF EXISTS {FormerProjection}", operation, $"{ProjectionName} answers for it");
        }
    }
}
