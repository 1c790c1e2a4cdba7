using System.Text;
using System.Text.Json;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Events;

/// <summary>
/// Writes the events of one stream as JSON objects, fields in the order of the definition, those of one object together. For one thread.
/// </summary>
sealed class EventWriter
{
    readonly List<(byte[] Prefix, FieldWriter Write)> _fields = [];
    readonly byte[] _end;

    /// <summary>Of the field that is the key; null where the key is no field.</summary>
    readonly FieldWriter? _key;
    readonly int _keyField;

    /// <summary>That of the first event; null before.</summary>
    byte[]? _hotKey;

    public EventWriter(StreamDefinition stream)
    {
        var written = stream.Columns.Where(column => column.Generator is not ColumnGenerator.None).ToList();
        var key = written.Find(column => column.Name == stream.KeyColumn);
        var punctuation = new StringBuilder();
        var keyField = -1;
        WriteObject(written.Where(column => column.Path is not null), depth: 0);
        _keyField = keyField;
        _end = Encoding.UTF8.GetBytes(punctuation.ToString());
        if (key is { Path: null }) _key = FieldWriters.For(key);

        void WriteObject(IEnumerable<ColumnDefinition> columns, int depth)
        {
            var separator = '{';
            foreach (var group in columns.GroupBy(column => column.Path!.Steps[depth].Name!))
            {
                punctuation.Append(separator).Append(JsonSerializer.Serialize(group.Key)).Append(':');
                separator = ',';
                if (group.First().Path!.Steps.Count > depth + 1) WriteObject(group, depth + 1);
                else WriteField(group.First());
            }
            punctuation.Append(separator == '{' ? "{}" : "}");
        }

        void WriteField(ColumnDefinition column)
        {
            if (column == key) keyField = _fields.Count;
            _fields.Add((Encoding.UTF8.GetBytes(punctuation.ToString()), FieldWriters.For(column)));
            punctuation.Clear();
        }
    }

    /// <summary>Replaces what <paramref name="line"/> holds by the event, behind which a key stands that is no field of it.</summary>
    /// <returns>Where in the line the event is, and where the key column's value, with its quotes.</returns>
    public (Range Event, Range Key) Write(JsonLine line, EventContext context)
    {
        line.Clear();
        var key = default(Range);
        for (var i = 0; i < _fields.Count; i++)
        {
            line.Raw(_fields[i].Prefix);
            var start = line.Length;
            _fields[i].Write(line, context);
            if (i == _keyField) key = Key(line, start, context);
        }
        line.Raw(_end);
        var end = line.Length;
        _key?.Invoke(line, context);
        return (..end, _key is null ? key : Key(line, end, context));
    }

    /// <summary>The key that was written last, or the hot one in its place.</summary>
    /// <param name="start">Where it begins.</param>
    Range Key(JsonLine line, int start, EventContext context)
    {
        _hotKey ??= line.Written[start..].ToArray();
        if (!context.HasHotKey) return start..line.Length;
        line.CutTo(start);
        line.Raw(_hotKey);
        return start..line.Length;
    }
}
