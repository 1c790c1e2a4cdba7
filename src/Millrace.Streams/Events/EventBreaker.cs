using System.Text.Json.Nodes;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Events;

/// <summary>Makes of an event of one stream what is none any more, whatever else its definition lets pass. Immutable.</summary>
sealed class EventBreaker
{
    /// <summary>No value of any type that is not text.</summary>
    const string WrongValue = "wrong";

    readonly IReadOnlyList<JsonPath> _required;
    readonly IReadOnlyList<JsonPath> _typed;

    public EventBreaker(StreamDefinition stream)
    {
        var written = stream.Columns.Where(column => column is { Path: not null, Generator: not ColumnGenerator.None }).ToList();
        _required = [.. written.Where(column => column.IsRequired).Select(column => column.Path!)];
        _typed = [.. written.Where(column => column.Rules.RejectsInvalid && IsTyped(column.Type)).Select(column => column.Path!)];
    }

    /// <param name="json">An event of the stream.</param>
    public byte[] Break(byte[] json, EventRandom random) => random.Below(3) switch
    {
        0 when _typed.Count > 0 => Edit(json, _typed[random.Below(_typed.Count)], (parent, field) => parent[field] = WrongValue),
        1 when _required.Count > 0 => Edit(json, _required[random.Below(_required.Count)], (parent, field) => parent.Remove(field)),
        // No beginning of a JSON object is one; of no byte at all would become no dead letter.
        _ => json[..(1 + random.Below(json.Length - 1))],
    };

    /// <summary>Of others some text may be a value, as of an Enum, or what a list is made of.</summary>
    static bool IsTyped(ColumnType type) =>
        type.IsNumber || type.Name is "UUID" or "IPv4" or "IPv6" or "Date" or "DateTime" or "DateTime64";

    static byte[] Edit(byte[] json, JsonPath path, Action<JsonObject, string> edit)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        // The emitter writes fields of objects.
        var parent = path.Steps.SkipLast(1).Aggregate(root, (node, step) => node[step.Name!]!.AsObject());
        edit(parent, path.Steps[^1].Name!);
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
