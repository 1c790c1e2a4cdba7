using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Streams.Kafka.Native;

/// <summary>A consumer of librdkafka's that joins no group: rd_kafka_t. Safe from any thread.</summary>
sealed class ClientHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    const int ErrorSize = 512;

    ClientHandle(nint client) : base(ownsHandle: true) => SetHandle(client);

    /// <exception cref="KafkaPropertyException">A property's name or value is unknown to this librdkafka.</exception>
    public static ClientHandle Create(IEnumerable<KeyValuePair<string, string>> properties)
    {
        LibrdkafkaResolver.Register();
        var conf = Librdkafka.rd_kafka_conf_new();
        Span<byte> error = stackalloc byte[ErrorSize];
        foreach (var (name, value) in properties)
        {
            if (Librdkafka.rd_kafka_conf_set(conf, name, value, error, ErrorSize) != 0) throw Refuse(conf, error);
        }
        var client = Librdkafka.rd_kafka_new(Librdkafka.Consumer, conf, error, ErrorSize);
        return client == 0 ? throw Refuse(conf, error) : new ClientHandle(client);
    }

    protected override bool ReleaseHandle()
    {
        Librdkafka.rd_kafka_destroy(handle);
        return true;
    }

    static KafkaPropertyException Refuse(nint conf, ReadOnlySpan<byte> error)
    {
        Librdkafka.rd_kafka_conf_destroy(conf);
        return new KafkaPropertyException(Encoding.UTF8.GetString(error[..error.IndexOf((byte)0)]));
    }
}
