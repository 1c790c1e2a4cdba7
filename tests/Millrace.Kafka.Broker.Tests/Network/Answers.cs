using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>What a Produce says of its one partition.</summary>
readonly record struct ProduceAnswer(ErrorCode Error, long BaseOffset, long LogStartOffset)
{
    public static async Task<ProduceAnswer> AskAsync(RawConnection client, Action<KafkaWriter> body) =>
        Read(await client.AskAsync(ApiKey.Produce, Requests.ProduceVersion, body));

    static ProduceAnswer Read(ReadOnlyMemory<byte> body)
    {
        var reader = new KafkaReader(body);
        Assert.Equal(1, reader.ReadInt32());
        reader.ReadString(false);
        Assert.Equal(1, reader.ReadInt32());
        reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        var baseOffset = reader.ReadInt64();
        reader.ReadInt64(); // log append time
        var answer = new ProduceAnswer(error, baseOffset, reader.ReadInt64());
        reader.ReadInt32(); // throttle time
        Assert.Equal(0, reader.Remaining);
        return answer;
    }
}

/// <summary>What a Fetch says of its one partition.</summary>
/// <param name="TopLevelError">With it there is no partition.</param>
readonly record struct FetchAnswer(ErrorCode TopLevelError, ErrorCode Error, long HighWatermark, long LogStartOffset, byte[] Records)
{
    public static async Task<FetchAnswer> AskAsync(RawConnection client, Action<KafkaWriter> body) =>
        Read(await client.AskAsync(ApiKey.Fetch, Requests.FetchVersion, body));

    public static FetchAnswer Read(ReadOnlyMemory<byte> body)
    {
        var reader = new KafkaReader(body);
        reader.ReadInt32(); // throttle time
        var topLevel = (ErrorCode)reader.ReadInt16();
        Assert.Equal(0, reader.ReadInt32()); // session id
        if (reader.ReadInt32() == 0) return new(topLevel, ErrorCode.None, -1, -1, []);
        reader.ReadString(false);
        Assert.Equal(1, reader.ReadInt32());
        reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        var highWatermark = reader.ReadInt64();
        Assert.Equal(highWatermark, reader.ReadInt64()); // last stable offset
        var logStartOffset = reader.ReadInt64();
        Assert.InRange(reader.ReadInt32(), -1, 0); // aborted transactions: no list or an empty one
        Assert.Equal(-1, reader.ReadInt32()); // preferred read replica
        var records = reader.ReadBytes(false).ToArray();
        Assert.Equal(0, reader.Remaining);
        return new(topLevel, error, highWatermark, logStartOffset, records);
    }
}
