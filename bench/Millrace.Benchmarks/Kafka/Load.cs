using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Millrace.Benchmarks.Kafka;

/// <summary>Writes and reads a topic as fast as librdkafka can, and says how fast that was.</summary>
static class Load
{
    const int BatchRecords = 1000;

    /// <summary>Produces <paramref name="records"/> records with acks=all and waits until all are acknowledged.</summary>
    /// <returns>Records per second.</returns>
    /// <exception cref="InvalidOperationException">The topic holds another number of records afterwards.</exception>
    public static unsafe double Produce(string bootstrap, string topic, int partitions, int records, int recordBytes)
    {
        var client = LibRdKafka.Create(LibRdKafka.Producer, bootstrap,
            ("acks", "all"), ("linger.ms", "5"), ("queue.buffering.max.messages", "500000"), ("queue.buffering.max.kbytes", "200000"));
        var handle = LibRdKafka.TopicNew(client, topic, 0);
        var payload = Payload(recordBytes);
        var batch = new LibRdKafka.Message[BatchRecords];
        var started = Stopwatch.GetTimestamp();
        fixed (byte* bytes = payload)
        {
            for (var sent = 0; sent < records;)
            {
                var count = Math.Min(BatchRecords, records - sent);
                Array.Fill(batch, new LibRdKafka.Message { Payload = (nint)bytes, Length = recordBytes });
                var taken = LibRdKafka.ProduceBatch(handle, LibRdKafka.AnyPartition, LibRdKafka.CopyPayload, batch, count);
                sent += taken;
                // A full queue: let acknowledgements come in.
                LibRdKafka.Poll(client, taken == count ? 0 : 5);
            }
        }
        while (LibRdKafka.Flush(client, 1000) != 0) { }
        var rate = records / Stopwatch.GetElapsedTime(started).TotalSeconds;
        ExpectRecords(client, topic, partitions, records);
        LibRdKafka.TopicDestroy(handle);
        LibRdKafka.Destroy(client);
        return rate;
    }

    /// <summary>Reads all partitions from the beginning until <paramref name="records"/> records have come.</summary>
    /// <returns>Records per second, from the first call to the last record.</returns>
    public static double Fetch(string bootstrap, string topic, int partitions, int records)
    {
        var client = LibRdKafka.Create(LibRdKafka.Consumer, bootstrap,
            ("queued.min.messages", "1000000"), ("fetch.message.max.bytes", "4194304"), ("fetch.max.bytes", "104857600"));
        var handle = LibRdKafka.TopicNew(client, topic, 0);
        var queue = LibRdKafka.QueueNew(client);
        var started = Stopwatch.GetTimestamp();
        for (var partition = 0; partition < partitions; partition++) LibRdKafka.ConsumeStart(handle, partition, LibRdKafka.FromBeginning, queue);
        var batch = new nint[10_000];
        for (var read = 0; read < records;)
        {
            var count = (int)LibRdKafka.ConsumeBatch(queue, 1000, batch, batch.Length);
            for (var i = 0; i < count; i++)
            {
                if (Marshal.ReadInt32(batch[i]) == 0) read++;
                LibRdKafka.MessageDestroy(batch[i]);
            }
        }
        var rate = records / Stopwatch.GetElapsedTime(started).TotalSeconds;
        for (var partition = 0; partition < partitions; partition++) LibRdKafka.ConsumeStop(handle, partition);
        LibRdKafka.QueueDestroy(queue);
        LibRdKafka.TopicDestroy(handle);
        LibRdKafka.Destroy(client);
        return rate;
    }

    static void ExpectRecords(nint client, string topic, int partitions, long records)
    {
        long stored = 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            LibRdKafka.QueryWatermarks(client, topic, partition, out var low, out var high, 10_000);
            stored += high - low;
        }
        if (stored != records) throw new InvalidOperationException($"{topic} holds {stored} records instead of {records}");
    }

    /// <summary>Printable bytes with little to compress, the same in every run.</summary>
    static byte[] Payload(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        for (var i = 0; i < length; i++) bytes[i] = (byte)(' ' + bytes[i] % 95);
        return bytes;
    }
}
