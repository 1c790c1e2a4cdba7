using Millrace.Streams.Types;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Reads the <c>columns:</c> of a definition.</summary>
static class ColumnReader
{
    /// <summary>
    /// What every target table has beside the stream's columns, and what the tables between topic and target table call a record's parts.
    /// Other names of the stand's own begin with an underscore, which no column's name does.
    /// </summary>
    internal static IReadOnlyList<string> ReservedColumns { get; } =
    [
        "kafka_topic", "kafka_partition", "kafka_offset", "kafka_timestamp", "kafka_key", "kafka_value", "kafka_header_names",
        "kafka_header_values", "inserted_at",
    ];

    /// <summary>Whether the stand has a column of that name itself.</summary>
    public static bool IsReserved(string name) => ReservedColumns.Contains(name);

    /// <summary>What a computed column can't have.</summary>
    static readonly string[] FieldsOfRecords = ["from", "format", "missing", "null", "invalid", "default", "generate", "nulls"];

    static readonly string[] Rules = ["reject", "null", "default"];

    /// <summary>Whether a column of the definition says how the emitter makes it.</summary>
    public static bool HasGenerators(YamlFields stream) => stream.List("columns").Any(node =>
        node is YamlMappingNode mapping && mapping.Children.ContainsKey(new YamlScalarNode("generate")));

    /// <param name="isEmitted">Whether the emitter makes events: then every field that none may lack needs a generator.</param>
    public static List<ColumnDefinition> Read(string file, YamlFields stream, bool isEmitted)
    {
        var columns = new List<ColumnDefinition>();
        foreach (var node in stream.List("columns"))
        {
            var fields = new YamlFields(
                file, node, "a column", "name", "was", "type", "from", "format", "missing", "null", "invalid", "default", "generate",
                "nulls", "expr", "codec", "ttl", "comment");
            var name = StreamFile.Identifier(fields, "name");
            if (IsReserved(name)) throw fields.Wrong("name", $"'{name}' is a name the stand uses itself; choose another");
            if (columns.Exists(column => column.Name == name))
                throw fields.Wrong("name", $"'{name}' is the name of an earlier column; choose another");
            if (columns.Find(column => column.Was == name) is { } renamed)
                throw fields.Wrong("name", $"'{name}' is what {renamed.Name} was called; choose another");
            var column = WithOptions(fields, ReadColumn(fields, name)) with { Was = Was(fields, columns) };
            var generator = Generator(file, fields, column, isEmitted);
            if (generator is not ColumnGenerator.None) RequireWritable(fields, column, columns);
            columns.Add(column with { Generator = generator });
        }
        return columns;
    }

    static string? Was(YamlFields fields, List<ColumnDefinition> columns)
    {
        if (!fields.Has("was")) return null;
        var was = StreamFile.Identifier(fields, "was");
        if (IsReserved(was) || columns.Exists(column => column.Name == was || column.Was == was))
            throw fields.Wrong("was", $"'{was}' is the name of another column; write the one that this column had before");
        return was;
    }

    static ColumnDefinition WithOptions(YamlFields fields, ColumnDefinition column)
    {
        if (fields.Optional("codec") is { } codec && Codec.Fault(codec, column.Type) is var (why, wrong))
            throw fields.Wrong(
                "codec", wrong is null ? why : $"{why}{NearestWord.Hint(wrong, Codec.Words)}; write one or more of {Codec.Known}");
        return column with
        {
            Codec = fields.Optional("codec"),
            Ttl = SqlText.Read(fields, "ttl"),
            Comment = fields.Optional("comment"),
            Places = fields.Places,
        };
    }

    static ColumnDefinition ReadColumn(YamlFields fields, string name)
    {
        var text = fields.Text("type");
        var type = ColumnTypes.Parse(text) ?? throw fields.Wrong("type", NoType(text));
        var nulls = fields.Share("nulls");
        if (nulls > 0 && !type.IsNullable) throw fields.Wrong("nulls", $"{type.Sql} can't be null; make the type Nullable or remove nulls");
        var column = new ColumnDefinition(name, type, new ColumnGenerator.None(), nulls);
        if (SqlText.Read(fields, "expr") is { } expression)
        {
            if (FieldsOfRecords.FirstOrDefault(fields.Has) is { } other)
                throw fields.Wrong(other, "is for what is read from records, and expr makes this column; remove one of the two");
            return column with { Source = new ColumnSource.Computed(expression) };
        }
        if (fields.Optional("from") is { } from)
        {
            column = column with
            {
                Source = ColumnSource.Parse(from)
                    ?? throw fields.Wrong("from", $"'{from}' is no place in a record{ColumnSource.Hint(from)}; write {ColumnSource.Known}"),
            };
        }
        if (column.Path is null && type is CompositeType or JsonType)
            throw fields.Wrong("from", $"{type.Sql} is made of JSON, which {column.Source} is not; write a path, or the type String");
        return WithRules(fields, column with { Type = Formatted(fields, column) });
    }

    /// <summary>Kafka's timestamp is in milliseconds.</summary>
    static ColumnType Formatted(YamlFields fields, ColumnDefinition column)
    {
        var isTimestamp = column.Source is ColumnSource.Place { Part: RecordPlace.Timestamp };
        if (fields.Optional("format") is not { } text)
            return (isTimestamp ? column.Type.WithFormat(TimeFormat.Milliseconds) : null) ?? column.Type;
        if (isTimestamp) throw fields.Wrong("format", "the timestamp of a record is always in milliseconds; remove format");
        var format = TimeFormat.Read(text)
            ?? throw fields.Wrong("format", $"'{text}' is no format{NearestWord.Hint(text, TimeFormat.Named)}; write {TimeFormat.Known}");
        return column.Type.WithFormat(format)
            ?? throw fields.Wrong("format", $"is for Date, Date32, DateTime and DateTime64, not for {column.Type.Sql}; remove it");
    }

    static string NoType(string text) => ColumnTypes.FaultInQuotes(text) is { } fault
        ? $"has {fault}"
        : $"'{text}' is not a type of this stand{NearestWord.Hint(NearestType.Find(text))}; write one of {ColumnTypes.Known}";

    static ColumnDefinition WithRules(YamlFields fields, ColumnDefinition column)
    {
        var (type, usual) = (column.Type, ValueRules.Of(column.Type));
        var given = Default(fields, type);
        var missing = Rule(fields, "missing", type) ?? (given is null ? usual.Missing : ValueRule.Default);
        var rules = new ValueRules(missing, Rule(fields, "null", type) ?? usual.Null, Rule(fields, "invalid", type) ?? usual.Invalid);
        if (given is not null && !rules.UseDefault)
            throw fields.Wrong("default", "is used by no rule; write missing: default, null: default or invalid: default, or remove it");
        if (column.NullShare > 0 && rules.Null == ValueRule.Reject)
            throw fields.Wrong("nulls", "makes events that null: reject refuses; remove one of the two");
        return column with { Rules = rules, Default = given };
    }

    static string? Default(YamlFields fields, ColumnType type)
    {
        if (type is CompositeType or JsonType)
        {
            if (!fields.Has("default")) return null;
            return type.Json(DefaultReader.Read(fields, "default"))
                ?? throw fields.Wrong("default", $"is not a value of {type.Sql}; write {DefaultReader.Form(type)}");
        }
        var given = fields.Literal("default");
        return given is null || type.Takes(given) ? given : throw fields.Wrong("default", $"'{given}' is not a value of {type.Sql}");
    }

    static ValueRule? Rule(YamlFields fields, string field, ColumnType type)
    {
        var canRound = field == "invalid" && type.Rounded("") is not null;
        return fields.Optional(field) switch
        {
            null => null,
            "reject" => ValueRule.Reject,
            "null" when type is CompositeType =>
                throw fields.Wrong(field, $"ClickHouse keeps no NULL in place of {type.Sql}; write reject or default"),
            "null" when !type.IsNullable =>
                throw fields.Wrong(field, $"{type.Sql} can't be null; make the type Nullable, or write reject or default"),
            "null" => ValueRule.Null,
            "default" => ValueRule.Default,
            "round" when canRound => ValueRule.Round,
            "round" => throw fields.Wrong(field, "'round' is for invalid: of whole numbers and Decimal; write reject, null or default"),
            var other => throw fields.Wrong(
                field,
                $"'{other}' is no rule{NearestWord.Hint(other, canRound ? [.. Rules, "round"] : Rules)}; "
                    + $"write {string.Join(", ", Rules[..^1])} or {Rules[^1]}{(canRound ? ", or round" : "")}"),
        };
    }

    static ColumnGenerator Generator(string file, YamlFields fields, ColumnDefinition column, bool isEmitted) =>
        fields.Has("generate") || (isEmitted && column.IsRequired && IsWritten(fields, column))
            ? GeneratorReader.Read(file, fields, column.Type)
            : new ColumnGenerator.None();

    /// <summary>Whether the emitter has to write it: Kafka knows the place of a record, and any event has a key.</summary>
    static bool IsWritten(YamlFields fields, ColumnDefinition column)
    {
        if (column.Source is ColumnSource.Header || column.Path?.Steps.Any(step => step.Name is null) == true)
        {
            throw fields.Wrong(
                "from",
                $"the emitter does not write {column.Source}, which {column.Name} needs; "
                    + "give it missing: default, or the stream weight: 0");
        }
        return column.Path is not null;
    }

    /// <summary>The emitter writes fields of objects, and a key.</summary>
    static void RequireWritable(YamlFields fields, ColumnDefinition column, List<ColumnDefinition> earlier)
    {
        if (column.Source is ColumnSource.Key) return;
        if (column.Path is not { } path || path.Steps.Any(step => step.Name is null))
            throw fields.Wrong("generate", $"the emitter writes fields of objects and the key, not {column.Source}; remove generate");
        var other = earlier.Find(one => one.Generator is not ColumnGenerator.None && one.Path is { } written
            && written.Steps.Zip(path.Steps).All(pair => pair.First == pair.Second));
        if (other is not null)
            throw fields.Wrong("generate", $"'{other.Name}' is made at {other.Path} already; remove generate here or there");
    }
}
