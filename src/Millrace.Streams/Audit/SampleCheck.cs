using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Formats;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>
/// A second method beside <see cref="StandAudit"/>: takes records at random, reads each from its topic, and compares it with what the
/// tables hold at its offset, field by field. Reads only.
/// </summary>
public static class SampleCheck
{
    /// <summary>Records that are held at a time; the text of their offsets stays far below max_query_size, 256 KiB.</summary>
    const int MostAtOnce = 1_000;

    /// <param name="records">How many are taken, at most as many as were read; each partition's share is that of its records.</param>
    /// <param name="seed">Of the choice.</param>
    /// <exception cref="KafkaUnavailableException">Kafka gave no answer in time.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer, or refused: the tables are not set up.</exception>
    public static async Task<SampleReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, int records, int seed, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        using var client = new ClickHouseClient(endpoints);
        HashSet<string> topics = [.. catalog.Streams.Select(stream => stream.Topic)];
        var states = await kafka.StatesOfAsync(topics, cancellation).ConfigureAwait(false);
        // Before the tables are asked: what was committed by then must be in them.
        var committed = await kafka.Offsets.CommittedAsync(endpoints.Identity.Group, states.All).ConfigureAwait(false);
        var starts = await kafka.Offsets.FindLogStartsAsync(states).ConfigureAwait(false);
        var places = Choose(committed, starts, records, new Random(seed));
        var tally = new SampleTally();
        using var reader = new WholeRecordReader(endpoints, endpoints.Identity.Group);
        foreach (var some in places.Chunk(MostAtOnce))
        {
            var read = await Task.Run(() => reader.Read(some), cancellation).ConfigureAwait(false);
            tally.NoteUnread(some.Length - read.Count);
            foreach (var stream in catalog.Streams)
            {
                var sent = read.Where(record => record.Key.Topic == stream.Topic).Select(record => record.Value).ToList();
                if (sent.Count > 0) await CompareAsync(client, stream, sent, tally, cancellation).ConfigureAwait(false);
            }
        }
        return tally.ToReport(seed);
    }

    /// <summary>Offsets that were read and that retention has left, each at most once.</summary>
    static List<TopicPartitionOffset> Choose(
        IReadOnlyDictionary<TopicPartition, long> committed, KnownOffsets starts, int records, Random random)
    {
        var ranges = committed
            .Select(partition => (partition.Key, From: starts.Of(partition.Key) ?? partition.Value, To: partition.Value))
            .Where(range => range.To > range.From)
            .OrderBy(range => range.Key.Topic, StringComparer.Ordinal).ThenBy(range => range.Key.Partition.Value)
            .ToList();
        var chosen = Numbers(ranges.Sum(range => range.To - range.From), records, random).Order().ToList();
        var places = new List<TopicPartitionOffset>();
        // As if all ranges were one behind the other.
        var before = 0L;
        var next = 0;
        foreach (var (partition, from, to) in ranges)
        {
            for (; next < chosen.Count && chosen[next] - before < to - from; next++)
                places.Add(new TopicPartitionOffset(partition, from + chosen[next] - before));
            before += to - from;
        }
        return places;
    }

    /// <summary>So many different numbers from 0 to below <paramref name="all"/>, or all.</summary>
    static HashSet<long> Numbers(long all, int wanted, Random random)
    {
        var chosen = new HashSet<long>();
        if (wanted >= all) return [.. Enumerable.Range(0, (int)all).Select(number => (long)number)];
        // Floyd's way: each number is as likely as any other, and none is drawn again and again where nearly all are wanted.
        for (var last = all - wanted; last < all; last++)
            if (!chosen.Add(random.NextInt64(last + 1))) chosen.Add(last);
        return chosen;
    }

    static async Task CompareAsync(
        ClickHouseClient client, StreamDefinition stream, IReadOnlyList<TopicRecord> records, SampleTally tally,
        CancellationToken cancellation)
    {
        var columns = stream.Format == RecordFormat.Json
            ? stream.ReadColumns.Where(column => column is { Path: not null, Ttl: null }).ToList()
            : [];
        var texts = columns.Select(column => $"CAST(toString({Shown(column)}), 'Nullable(String)')");
        var rows = await AskAsync(stream.TargetTable, $"CAST([{string.Join(", ", texts)}], 'Array(Nullable(String))')")
            .ConfigureAwait(false);
        var letters = await AskAsync(
            stream.DeadLetterTable,
            $"if({DeadLettersSql.DroppedAt} IS NULL, [toNullable(hex(kafka_key)), toNullable(hex(message))], [])").ConfigureAwait(false);
        foreach (var record in records)
        {
            var place = (record.Partition, record.Offset);
            tally.Add(stream, columns, record, [.. rows[place]], [.. letters[place]]);
        }

        async Task<ILookup<(int Partition, long Offset), StoredValues>> AskAsync(string table, string values)
        {
            var places = string.Join(',', records.Select(record => string.Create(
                CultureInfo.InvariantCulture, $"({record.Partition},{record.Offset})")));
            var stored = await client.QueryAsync<StoredValues>(
                $"SELECT kafka_partition AS partition, kafka_offset AS offset, {values} AS values, CAST(inserted_at <= "
                    + "(SELECT max(metadata_modification_time) FROM system.tables "
                    + $"WHERE database = currentDatabase() AND name = '{table}'), 'Bool') AS is_older FROM {table} "
                    + $"WHERE kafka_topic = {Sql.Text(stream.Topic)} AND (kafka_partition, kafka_offset) IN ({places})",
                cancellation: cancellation).ConfigureAwait(false);
            return stored.ToLookup(row => (row.Partition, row.Offset));
        }
    }

    /// <summary>Moments in UTC, whatever zone the column has.</summary>
    static string Shown(ColumnDefinition column) =>
        column.Type.Name.StartsWith("DateTime", StringComparison.Ordinal)
            ? $"toTimeZone({Sql.Name(column.Name)}, 'UTC')"
            : Sql.Name(column.Name);
}

/// <summary>What a table holds of one record: its columns, or the key and the message of a dead letter in hexadecimal. Immutable.</summary>
/// <param name="IsOlder">Than the last change of the table's columns: a column that came later holds its default.</param>
sealed record StoredValues(int Partition, long Offset, IReadOnlyList<string?> Values, bool IsOlder);
