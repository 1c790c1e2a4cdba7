using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads one definition file and checks all that can be checked without the other files.</summary>
static partial class StreamFile
{
    /// <summary>As many as one broker serves easily; ClickHouse's consumers share them out.</summary>
    const int MaxPartitions = 1024;

    const int MaxWeight = 1_000_000;

    /// <summary>
    /// The words of SQL that can't be a column's name without quotes: ClickHouse 26.7 was tried with all of system.keywords.
    /// </summary>
    static readonly string[] SqlWords = ["constraint", "false", "index", "inf", "nan", "not", "null", "projection", "true"];

    /// <param name="file">The name that errors show.</param>
    public static StreamDefinition Read(string file, TextReader text)
    {
        var root = Parse(file, text);
        var fields = new YamlFields(
            file, root, "a stream",
            [
                "stream", "topic", "partitions", "topic_config", "flush_interval_ms", "key", "weight", "after", "table", "order_by",
                "dead_letters", "columns", .. FormatReader.Fields,
            ]);
        var format = FormatReader.Read(fields);
        var weight = fields.Integer("weight", fallback: 1, minimum: 0, MaxWeight);
        // Whoever gives a stream a weight means it to be emitted.
        if (!fields.Has("weight") && !ColumnReader.HasGenerators(fields)) weight = 0;
        if (weight > 0 && !format.IsJson)
        {
            throw fields.Wrong(
                "format", $"the emitter writes JSON, not {format.Name}; remove generate: of the columns and weight:, or this");
        }
        var columns = ColumnReader.Read(file, fields, isEmitted: weight > 0);
        FormatReader.RequireFields(file, format, columns);
        return new StreamDefinition
        {
            Name = Identifier(fields, "stream"),
            Topic = Topic(fields),
            Partitions = fields.Integer("partitions", fallback: 3, minimum: 1, MaxPartitions),
            RaisesPartitions = fields.Has("partitions"),
            TopicConfig = fields.Has("topic_config") ? fields.Map("topic_config") : new Dictionary<string, string>(),
            FlushInterval = fields.Has("flush_interval_ms")
                ? fields.Integer("flush_interval_ms", fallback: 0, FlushPace.Shortest, FlushPace.Longest)
                : null,
            Weight = weight,
            After = fields.Optional("after"),
            KeyColumn = weight > 0 || fields.Has("key") ? KeyColumn(fields, columns, isEmitted: weight > 0) : null,
            TargetTable = Table(fields, "table"),
            OrderKey = OrderKey(fields, columns),
            DeadLetterTable = fields.Has("dead_letters") ? Table(fields, "dead_letters") : "dead_letters",
            Columns = columns,
            Format = format,
            File = file,
            Places = fields.Places,
        };
    }

    static YamlNode Parse(string file, TextReader text) => YamlText.Parse(file, text) is [{ RootNode: var root }]
        ? root
        : throw YamlPosition.Error(file, 1, 1, "stream", "the file holds no definition, or several; write one stream per file");

    static IReadOnlyList<string> OrderKey(YamlFields stream, List<ColumnDefinition> columns)
    {
        var names = stream.Texts("order_by");
        if (names.Distinct().Count() != names.Count) throw stream.Wrong("order_by", "names a column twice");
        return [.. names.Select(name => RequiredColumn(stream, "order_by", name, columns))];
    }

    /// <summary>A column whose source is the key has no other.</summary>
    static string KeyColumn(YamlFields stream, List<ColumnDefinition> columns, bool isEmitted)
    {
        var name = RequiredColumn(stream, "key", stream.Text("key"), columns);
        if (isEmitted && columns.Exists(column => column.Name == name && column.Generator is ColumnGenerator.None))
            throw stream.Wrong("key", $"'{name}' is not made by the emitter; give it generate:, or name a column that has it");
        if (columns.Find(column => column.Source is ColumnSource.Key && column.Generator is not ColumnGenerator.None) is { } made
            && made.Name != name)
            throw stream.Wrong("key", $"'{made.Name}' is made as the record's key; write key: {made.Name}");
        return name;
    }

    static string RequiredColumn(YamlFields stream, string field, string name, List<ColumnDefinition> columns)
    {
        var names = columns.Select(column => column.Name).ToList();
        var column = columns.Find(column => column.Name == name)
            ?? throw stream.Wrong(
                field,
                $"'{name}' is not a column of this stream{NearestWord.Hint(name, names)}; name one of {string.Join(", ", names)}",
                name);
        if (!column.Type.CanBeKey) throw stream.Wrong(field, $"'{name}' is {column.Type.Sql}; name a column of a single value", name);
        if (field == "key" && column.Expression is not null)
            throw stream.Wrong(field, $"'{name}' is computed; name a column that records have", name);
        if (field == "order_by" && column.Ttl is not null)
            throw stream.Wrong(field, $"'{name}' has a ttl, and ClickHouse keeps what a table is sorted by; remove one of the two", name);
        return !column.Type.IsNullable ? name : throw stream.Wrong(field, $"'{name}' is Nullable; name a column that is not", name);
    }

    static string Topic(YamlFields stream)
    {
        var topic = stream.Text("topic");
        return TopicFault(topic) is { } fault ? throw stream.Wrong("topic", fault) : topic;
    }

    /// <summary>Why it can't be a topic's name; null where it can.</summary>
    internal static string? TopicFault(string topic) => TopicForm().IsMatch(topic) && topic is not ("." or "..")
        ? null
        : $"'{topic}' is not a topic name; use up to 249 letters, digits, '.', '_' and '-'";

    static string Table(YamlFields fields, string field)
    {
        var name = Identifier(fields, field);
        return name != StreamDefinition.LockTable
            ? name
            : throw fields.Wrong(field, $"'{name}' is a name the stand uses itself; choose another");
    }

    internal static string Identifier(YamlFields fields, string field)
    {
        var name = fields.Text(field);
        return NameFault(name) is { } fault ? throw fields.Wrong(field, fault) : name;
    }

    /// <summary>Why it can't be the name of a stream, a table or a column; null where it can.</summary>
    internal static string? NameFault(string name)
    {
        if (SqlWords.Contains(name, StringComparer.OrdinalIgnoreCase)) return $"'{name}' is a word of SQL; choose another name";
        return IdentifierForm().IsMatch(name)
            ? null
            : $"'{name}' is not an identifier; use up to 64 letters, digits and '_', beginning with a letter";
    }

    /// <summary>Kafka's rule: clients/src/main/java/org/apache/kafka/common/internals/Topic.java.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9._-]{1,249}\z")]
    private static partial Regex TopicForm();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_]{0,63}\z")]
    private static partial Regex IdentifierForm();
}
