using System.Text.Json;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>Writes the events of one stream as JSON objects, fields in the order of the definition. For one thread.</summary>
sealed class EventWriter
{
    readonly (byte[] Prefix, FieldWriter Write)[] _fields;
    readonly int _keyField;

    public EventWriter(StreamDefinition stream)
    {
        _fields = [.. stream.Columns.Select((column, i) => (Prefix(column.Name, first: i == 0), FieldWriters.For(column)))];
        _keyField = stream.Columns.ToList().FindIndex(column => column.Name == stream.KeyColumn);
    }

    /// <summary>Replaces what <paramref name="line"/> holds by the event.</summary>
    /// <returns>Where in the line the key column's value is, with its quotes.</returns>
    public Range Write(JsonLine line, EventContext context)
    {
        line.Clear();
        var key = default(Range);
        for (var i = 0; i < _fields.Length; i++)
        {
            line.Raw(_fields[i].Prefix);
            var start = line.Length;
            _fields[i].Write(line, context);
            if (i == _keyField) key = start..line.Length;
        }
        line.Raw("}"u8);
        return key;
    }

    static byte[] Prefix(string name, bool first) =>
        [(byte)(first ? '{' : ','), .. JsonSerializer.SerializeToUtf8Bytes(name), (byte)':'];
}
