using System.Globalization;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;

namespace Millrace.Streams.Replay;

/// <summary>What was read of a topic at a time. Immutable.</summary>
/// <param name="Pieces">The offsets that were read, by partition and in order; there may be none.</param>
/// <param name="Rows">The records with a value.</param>
/// <param name="Records">How many those are.</param>
/// <param name="Empty">Records without a value, which leave neither row nor dead letter.</param>
/// <param name="Stored">Offsets that were not read, as the table has their rows.</param>
/// <param name="Done">Offsets up to here, of all that are asked for.</param>
sealed record ReplayBatch(
    IReadOnlyList<(int Partition, OffsetRange Offsets)> Pieces, ReadOnlyMemory<byte> Rows, int Records, long Empty, long Stored, long Done)
{
    /// <summary>What statements call the records.</summary>
    public const string Table = "replayed_records";

    /// <summary>Both inclusive.</summary>
    public (long From, long To) Range => (Pieces.Min(piece => piece.Offsets.From), Pieces.Max(piece => piece.Offsets.To) - 1);

    /// <summary>The condition for rows of a table that are of these records.</summary>
    public string IsOne(string topic) =>
        $"kafka_topic = {Sql.Text(topic)} AND ({string.Join(" OR ", Pieces.Select(piece => string.Create(
            CultureInfo.InvariantCulture,
            $"(kafka_partition = {piece.Partition} AND kafka_offset >= {piece.Offsets.From} AND kafka_offset < {piece.Offsets.To})")))})";

    public ExternalRows External => new(Table, string.Join(", ", DeadLettersSql.RecordColumns), Rows);
}
