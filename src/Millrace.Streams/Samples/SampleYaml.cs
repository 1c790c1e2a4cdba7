using System.Globalization;
using System.Text;
using Millrace.Streams.Definition;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Samples;

/// <summary>
/// Reads samples in YAML: a list, each with its value, and with what else a record has and what should become of it. Single thread.
/// </summary>
/// <param name="owner">Whose samples they are that name no stream; null where there are several.</param>
/// <param name="take">Gives a record of a stream and partition its offset, the wanted one or the next; null where that is taken.</param>
sealed class SampleYaml(string file, StreamCatalog catalog, StreamDefinition? owner, Func<StreamDefinition, int, long?, long?> take)
{
    /// <summary>The offsets before it are filled with records without value, which leave no trace.</summary>
    const int MostOffset = 999_999;

    static readonly string[] Fields =
    [
        "name", "stream", "topic", "key", "key_base64", "value", "value_base64", "headers", "timestamp", "partition", "offset", "expect",
    ];

    /// <exception cref="StreamDefinitionException">A sample can't be used.</exception>
    public IReadOnlyList<SampleRecord> Read(TextReader text) => YamlText.Parse(file, text) switch
    {
        [] => [],
        [{ RootNode: YamlSequenceNode list }] => [.. list.Children.Select(Sample)],
        [{ RootNode: YamlScalarNode { Value: "" or null } }] => [],
        [{ RootNode: var root }] => throw NotAList(root),
        [_, var second, ..] => throw NotAList(second.RootNode),
    };

    SampleRecord Sample(YamlNode node)
    {
        var fields = new YamlFields(file, node, "a sample", Fields);
        var stream = StreamOf(fields);
        if (!fields.Has("value") && !fields.Has("value_base64"))
            throw fields.Wrong("value", "is missing; add it, or value: null for a record without one");
        var value = SampleBytes.Read(fields, "value", takesJson: true);
        var partition = fields.Integer("partition", fallback: 0, minimum: 0, stream.Partitions - 1);
        long? wanted = fields.Has("offset") ? fields.Integer("offset", fallback: 0, minimum: 0, MostOffset) : null;
        var sample = new SampleRecord(
            file, node.Start.Line, stream, value, partition, Taken(fields, stream, partition, wanted),
            SampleExpectationReader.Read(file, fields, stream, hasValue: value is not null))
        {
            Name = fields.Optional("name"),
            Key = SampleBytes.Read(fields, "key", takesJson: false),
            Headers = fields.Has("headers") ? Headers(fields) : [],
            Time = fields.Optional("timestamp") is { } text ? Time(fields, text) : null,
        };
        return Length(sample) <= SampleRecord.MostBytes ? sample : throw SampleLines.TooLong(file, sample.Line);
    }

    long Taken(YamlFields fields, StreamDefinition stream, int partition, long? wanted) =>
        take(stream, partition, wanted) ?? throw fields.Wrong(
            "offset", "is taken by a sample before this one; records of a partition are sent in the order of the file, from offset 0 on");

    StreamDefinition StreamOf(YamlFields fields)
    {
        if (fields.Has("stream") && fields.Has("topic")) throw fields.Wrong("topic", "stands beside stream; remove one of the two");
        if (fields.Has("stream")) return Named(fields, "stream", stream => stream.Name);
        if (fields.Has("topic")) return Named(fields, "topic", stream => stream.Topic);
        if (owner is not null) return owner;
        if (catalog.Streams is [var only]) return only;
        var names = string.Join(", ", catalog.Streams.Select(stream => stream.Name));
        throw fields.Wrong("stream", $"is missing where several definitions are checked; name one of {names}");
    }

    StreamDefinition Named(YamlFields fields, string field, Func<StreamDefinition, string> name)
    {
        var word = fields.Text(field);
        if (catalog.Streams.FirstOrDefault(stream => name(stream) == word) is { } found) return found;
        var names = catalog.Streams.Select(name).ToList();
        throw fields.Wrong(
            field, $"'{word}' is of no stream that is checked{NearestWord.Hint(word, names)}; name one of {string.Join(", ", names)}");
    }

    List<(string, byte[]?)> Headers(YamlFields sample)
    {
        if (sample.Node("headers") is YamlMappingNode mapping)
        {
            var names = mapping.Children.Keys.Select(key => $"{key}").ToArray();
            var all = new YamlFields(file, mapping, "headers", names);
            return [.. names.Select(name => (name, SampleBytes.Read(all, name, takesJson: false)))];
        }
        return [.. sample.List("headers").Select(Header)];
    }

    (string, byte[]?) Header(YamlNode node)
    {
        var fields = new YamlFields(file, node, "a header", "name", "value", "value_base64");
        return (fields.Text("name"), SampleBytes.Read(fields, "value", takesJson: false));
    }

    static DateTimeOffset Time(YamlFields fields, string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch)
            return time;
        throw fields.Wrong("timestamp", $"'{text}' is no time since 1970; write 2026-01-02T03:04:05Z or milliseconds");
    }

    static long Length(SampleRecord sample)
    {
        // Of a header: two lengths, each of up to five bytes.
        const int around = 10;
        var headers = sample.Headers.Sum(header => Encoding.UTF8.GetByteCount(header.Name) + (header.Value?.Length ?? 0) + around);
        return (sample.Value?.Length ?? 0) + (sample.Key?.Length ?? 0) + (long)headers;
    }

    StreamDefinitionException NotAList(YamlNode node) => YamlPosition.Error(
        file, node.Start.Line, node.Start.Column, "samples", "are not a list; write '- value: ...' for each record");
}
