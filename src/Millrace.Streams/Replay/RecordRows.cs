using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;

namespace Millrace.Streams.Replay;

/// <summary>
/// Records as rows of <see cref="DeadLettersSql.RecordColumns"/> in ClickHouse's RowBinary: numbers in little endian, a length before
/// each string and array as a varint of 7 bits a byte, the lowest first. What is nothing to ClickHouse's own consumer is nothing here: no
/// key is an empty one, no timestamp is 1970. For one thread.
/// </summary>
sealed class RecordRows(string topic)
{
    readonly ArrayBufferWriter<byte> _rows = new();
    readonly byte[] _topic = Encoding.UTF8.GetBytes(topic);

    public int Bytes => _rows.WrittenCount;

    public ReadOnlyMemory<byte> Written => _rows.WrittenMemory;

    public void Add(ConsumeResult<byte[]?, byte[]?> record)
    {
        var message = record.Message;
        Add(_topic);
        BinaryPrimitives.WriteUInt32LittleEndian(_rows.GetSpan(4), (uint)record.Partition.Value);
        _rows.Advance(4);
        AddNumber(record.Offset.Value);
        AddNumber(message.Timestamp.Type == TimestampType.NotAvailable ? 0 : message.Timestamp.UnixTimestampMs);
        Add(message.Key);
        Add(message.Value);
        var headers = message.Headers ?? [];
        AddLength(headers.Count);
        foreach (var header in headers) Add(Encoding.UTF8.GetBytes(header.Key));
        AddLength(headers.Count);
        foreach (var header in headers) Add(header.GetValueBytes());
    }

    void AddNumber(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rows.GetSpan(8), number);
        _rows.Advance(8);
    }

    void Add(byte[]? text)
    {
        AddLength(text?.Length ?? 0);
        _rows.Write(text);
    }

    void AddLength(int length)
    {
        var rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7) AddByte((byte)(rest | 0x80));
        AddByte((byte)rest);
    }

    void AddByte(byte one)
    {
        _rows.GetSpan(1)[0] = one;
        _rows.Advance(1);
    }
}
