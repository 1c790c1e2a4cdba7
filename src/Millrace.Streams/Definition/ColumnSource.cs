namespace Millrace.Streams.Definition;

/// <summary>Where in a record a column's value comes from: its <c>from:</c>. Immutable.</summary>
public abstract record ColumnSource
{
    const string HeaderWord = "header:";

    ColumnSource() { }

    /// <summary>For the sentence that refuses another source.</summary>
    public const string Known =
        "a path into the record's JSON such as $.meta.device.id, $.items[0].sku or $['a b'], key, header:NAME, topic, partition, offset, "
        + "timestamp";

    /// <summary>What stands at a place of the record's JSON.</summary>
    public sealed record Json(JsonPath Path) : ColumnSource
    {
        public override string ToString() => Path.ToString();
    }

    /// <summary>The value of the last header of that name, as text.</summary>
    public sealed record Header(string Name) : ColumnSource
    {
        public override string ToString() => HeaderWord + Name;
    }

    /// <summary>The record's key as text, which ClickHouse does not tell apart from none where it is empty.</summary>
    public sealed record Key : ColumnSource
    {
        public override string ToString() => "key";
    }

    /// <summary>What Kafka knows of the record.</summary>
    public sealed record Place(RecordPlace Part) : ColumnSource
    {
        public override string ToString() => Part.ToString().ToLowerInvariant();
    }

    /// <summary>Nowhere in the record: it is computed from the other columns once the record is found valid.</summary>
    public sealed record Computed(string Sql) : ColumnSource
    {
        public override string ToString() => Sql;
    }

    /// <summary>As of <see cref="NearestWord"/>.</summary>
    internal static string Hint(string text) => NearestWord.Hint(Nearest(text));

    /// <summary>null where none is near.</summary>
    static string? Nearest(string text)
    {
        string[] words = ["key", .. Enum.GetNames<RecordPlace>().Select(part => part.ToLowerInvariant())];
        if (NearestWord.Find(text, words) is { } word) return word;
        var isHeader = text.Contains(':', StringComparison.Ordinal) && NearestWord.Find(text.Split(':')[0] + ':', [HeaderWord]) is not null;
        var meant = isHeader ? HeaderWord + text.Split(':', 2)[1].Trim() : "$." + text.TrimStart('$', '.');
        return Parse(meant) is null ? null : meant;
    }

    /// <summary>Reads one of the <see cref="Known"/> sources; null when <paramref name="text"/> is none of them.</summary>
    public static ColumnSource? Parse(string text) => text switch
    {
        "key" => new Key(),
        "topic" => new Place(RecordPlace.Topic),
        "partition" => new Place(RecordPlace.Partition),
        "offset" => new Place(RecordPlace.Offset),
        "timestamp" => new Place(RecordPlace.Timestamp),
        _ when text.StartsWith(HeaderWord, StringComparison.Ordinal) =>
            text[HeaderWord.Length..].Trim() is { Length: > 0 } name ? new Header(name) : null,
        _ => JsonPath.Parse(text) is { } path ? new Json(path) : null,
    };
}

/// <summary>What Kafka knows of a record besides key, headers and value.</summary>
public enum RecordPlace
{
    Topic,
    Partition,
    Offset,

    /// <summary>In milliseconds since 1970: when it was made, or appended, as the topic says (message.timestamp.type).</summary>
    Timestamp,
}
