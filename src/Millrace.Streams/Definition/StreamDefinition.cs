using Millrace.Streams.Formats;

namespace Millrace.Streams.Definition;

/// <summary>
/// One stream, from the topic to the target table.
/// Immutable; made by <see cref="StreamCatalog.Load"/>, which has checked it.
/// </summary>
public sealed record StreamDefinition
{
    /// <summary>The table that setups lock the database with: no stream may have one of this name.</summary>
    public const string LockTable = "setup_lock";

    /// <summary>Begins the name of everything the stream owns in ClickHouse except its target table.</summary>
    public required string Name { get; init; }

    public required string Topic { get; init; }

    public required int Partitions { get; init; }

    /// <summary>
    /// The definition says how many partitions: a topic that has fewer gets more. Otherwise a topic that is there stays as it is.
    /// </summary>
    public bool RaisesPartitions { get; init; }

    /// <summary>
    /// Configs of the topic that the definition states, by their names in Kafka; the others are Kafka's or whoever's set them.
    /// </summary>
    public IReadOnlyDictionary<string, string> TopicConfig { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The column whose value, as text, is the record's key: events with one key keep their order. null where nobody says; never so for a
    /// stream that is emitted.
    /// </summary>
    public required string? KeyColumn { get; init; }

    public required IReadOnlyList<ColumnDefinition> Columns { get; init; }

    /// <summary>How the records are written.</summary>
    public RecordFormat Format { get; init; } = RecordFormat.Json;

    /// <summary>
    /// Milliseconds from one flush of its queue table to the next, at least; null where the definition leaves it to
    /// <see cref="FlushPace"/>. Of a stream of a catalogue it is stated.
    /// </summary>
    public int? FlushInterval { get; init; }

    public required string TargetTable { get; init; }

    /// <summary>The columns the target table is sorted by. Never empty, never Nullable.</summary>
    public required IReadOnlyList<string> OrderKey { get; init; }

    /// <summary>The table for records that are not an event of this stream; streams may share it.</summary>
    public required string DeadLetterTable { get; init; }

    /// <summary>
    /// How many of a second's events are of this stream, relative to the other streams' weights.
    /// 0: the emitter makes none.
    /// </summary>
    public required int Weight { get; init; }

    /// <summary>
    /// The stream one of whose recent events lends its session and product to each event of this one,
    /// or the one before it where that has weight 0; null: the event begins something new.
    /// </summary>
    public required string? After { get; init; }

    /// <summary>The columns whose values are in the records, or beside them; the others are computed.</summary>
    public IReadOnlyList<ColumnDefinition> ReadColumns => [.. Columns.Where(column => column.Expression is null)];

    /// <summary>The name that errors show.</summary>
    internal string File { get; init; } = "";

    internal FieldPlaces Places { get; init; } = FieldPlaces.Unknown;

    public string QueueTable => $"{Name}_queue";

    /// <summary>The table whose presence says that the stream is paused: docs/decisions/0016-paused-streams.md.</summary>
    public string PauseMark => $"{Name}_paused";

    public string ParsedTable => $"{Name}_parsed";

    /// <summary>Queue table to parsed table.</summary>
    public string ParseView => $"{Name}_parse_mv";

    /// <summary>Parsed table to target table.</summary>
    public string TargetView => $"{Name}_mv";

    /// <summary>Parsed table to rejected table.</summary>
    public string RejectedView => $"{Name}_rejected_mv";

    public string RejectedTable => $"{Name}_rejected";

    /// <summary>Rejected table to reparsed table.</summary>
    public string ReparseView => $"{Name}_reparse_mv";

    public string ReparsedTable => $"{Name}_reparsed";

    /// <summary>Reparsed table to target table, for blocks that were parsed once more.</summary>
    public string ExactView => $"{Name}_exact_mv";

    /// <summary>Reparsed table to dead letters.</summary>
    public string DeadLetterView => $"{Name}_dead_letters_mv";
}
