using System.Globalization;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Formats;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Audit;

/// <summary>
/// A second method beside <see cref="StandAudit"/>: takes records at random, reads each from its topic, and compares it with what the tables
/// hold at its offset, field by field. Reads only.
/// </summary>
public static class SampleCheck
{
    /// <summary>Offsets of one query: their text stays far below max_query_size, 256 KiB.</summary>
    const int MostAtOnce = 5_000;

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
        var found = await Task.Run(() => Read(endpoints, places), cancellation).ConfigureAwait(false);
        var tally = new SampleTally();
        foreach (var stream in catalog.Streams)
        {
            var sent = found.Values.Where(record => record.Topic == stream.Topic).Select(record => record.Record).ToList();
            foreach (var some in sent.Chunk(MostAtOnce))
                await CompareAsync(client, stream, some, tally, cancellation).ConfigureAwait(false);
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
        var all = ranges.Sum(range => range.To - range.From);
        var chosen = new HashSet<long>();
        // More than half of all are chosen by what is left out.
        var wanted = Math.Min(records, all);
        if (wanted > all / 2)
        {
            for (var i = 0L; i < all; i++) chosen.Add(i);
            while (chosen.Count > wanted) chosen.Remove(random.NextInt64(all));
        }
        while (chosen.Count < wanted) chosen.Add(random.NextInt64(all));
        var places = new List<TopicPartitionOffset>();
        foreach (var number in chosen.Order())
        {
            var rest = number;
            var range = ranges.First(range => (rest -= range.To - range.From) < 0);
            places.Add(new TopicPartitionOffset(range.Key, rest + range.To));
        }
        return places;
    }

    static Dictionary<TopicPartitionOffset, (string Topic, TopicRecord Record)> Read(
        StandEndpoints endpoints, List<TopicPartitionOffset> places)
    {
        if (places.Count == 0) return [];
        using var reader = new SingleRecordReader(endpoints, endpoints.Identity.Group);
        return reader.Read(places).ToDictionary(record => record.Key, record => (record.Key.Topic, record.Value));
    }

    static async Task CompareAsync(
        ClickHouseClient client, StreamDefinition stream, IReadOnlyList<TopicRecord> records, SampleTally tally,
        CancellationToken cancellation)
    {
        var columns = stream.Format == RecordFormat.Json ? stream.ReadColumns.Where(column => column.Path is not null).ToList() : [];
        var texts = columns.Select(column => $"CAST(toString({Shown(column)}), 'Nullable(String)')");
        var rows = await AskAsync($"CAST([{string.Join(", ", texts)}], 'Array(Nullable(String))')", stream.TargetTable).ConfigureAwait(false);
        var letters = await AskAsync(
            $"if({DeadLettersSql.DroppedAt} IS NULL, [toNullable(hex(kafka_key)), toNullable(hex(message))], [])", stream.DeadLetterTable)
            .ConfigureAwait(false);
        foreach (var record in records)
        {
            var place = (record.Partition, record.Offset);
            tally.Add(stream, columns, record, [.. rows[place]], [.. letters[place]]);
        }

        async Task<ILookup<(int Partition, long Offset), StoredValues>> AskAsync(string values, string table)
        {
            var places = string.Join(',', records.Select(record => string.Create(
                CultureInfo.InvariantCulture, $"({record.Partition},{record.Offset})")));
            var stored = await client.QueryAsync<StoredValues>(
                $"SELECT kafka_partition AS partition, kafka_offset AS offset, {values} AS values FROM {table} "
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

/// <summary>What a table holds of one record: its columns, or the key and the message of a dead letter in hexadecimal.</summary>
sealed record StoredValues(int Partition, long Offset, IReadOnlyList<string?> Values);
