namespace Millrace.Kafka.Protocol.Records;

/// <summary>How the records after a batch's header are compressed. 5 to 7 fit into the field and mean nothing.</summary>
public enum CompressionCodec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,

    /// <summary>Since Produce v7 and Fetch v10 (KIP-110).</summary>
    Zstd = 4,
}
