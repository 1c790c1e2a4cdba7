using System.Globalization;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The SQL that finds in a record what a column is made of, as text. Immutable. All fields whose path is made of names alone are extracted
/// at once, as a tuple of tuples: a record is parsed once, however many columns it has. What does not fit into it is extracted by itself:
/// elements of arrays, and an object some of whose own fields are columns too.
/// </summary>
/// <param name="table">Qualifies the record's key, headers and place; empty for none.</param>
sealed class RecordFields(StreamDefinition stream, string table = "")
{
    const string Leaf = "Nullable(String)";
    const string HeaderNames = "kafka_header_names";
    const string HeaderValues = "kafka_header_values";

    readonly IReadOnlyList<JsonPath> _paths = [.. stream.ReadColumns.Select(column => column.Path).OfType<JsonPath>().Distinct()];

    readonly string _prefix = table == "" ? "" : $"{table}.";

    /// <summary>
    /// What the tables carry of a record's headers: all of them, as a letter that is sent again may need one that is no column yet.
    /// </summary>
    public static IReadOnlyList<string> HeaderColumns { get; } = [$"{HeaderNames} Array(String)", $"{HeaderValues} Array(String)"];

    /// <summary>The <see cref="HeaderColumns"/> of a queue table's record.</summary>
    public static IReadOnlyList<string> Headers { get; } = [$"_headers.name AS {HeaderNames}", $"_headers.value AS {HeaderValues}"];

    /// <summary>What stands at the paths that fit into one tuple, each NULL where there is nothing.</summary>
    public string Extracted(string json) => InTuple() is { Count: > 0 } paths
        ? $"JSONExtract({json}, {Sql.Text(TupleOf(paths, depth: 0))})"
        : "''";

    /// <summary>Of type Nullable(String): NULL where the record has nothing for the column.</summary>
    /// <param name="fields">The name of what <see cref="Extracted"/> gave.</param>
    public string Text(ColumnDefinition column, string json, string fields) => column.Source switch
    {
        ColumnSource.Json { Path: var path } when IsInTuple(path) => FromTuple(path, json, fields),
        ColumnSource.Json { Path: var path } => Text(path, json),
        _ => TextBesideJson(column),
    };

    /// <summary>Of a column that is not in the JSON.</summary>
    /// <inheritdoc cref="Text(ColumnDefinition, string, string)"/>
    public string TextBesideJson(ColumnDefinition column) => column.Source switch
    {
        ColumnSource.Key => $"nullIf({_prefix}kafka_key, '')",
        ColumnSource.Header { Name: var name } => HeaderText(name),
        ColumnSource.Place { Part: RecordPlace.Timestamp } =>
            $"toNullable(toString(toUnixTimestamp64Milli({_prefix}kafka_timestamp)))",
        ColumnSource.Place { Part: var part } => $"toNullable(toString({_prefix}kafka_{part.ToString().ToLowerInvariant()}))",
        var other => throw new ArgumentException($"no text for {other}"),
    };

    /// <summary>What stands at one path, by itself.</summary>
    public static string Text(JsonPath path, string json) =>
        Guarded(path, json, $"JSONExtract({Place(path.Steps, json)}, '{Leaf}')", "NULL");

    /// <summary>Whether the record has the column's field, be it null; always false for what is not in the JSON.</summary>
    public static string Has(ColumnDefinition column, string json) =>
        column.Path is { } path ? Guarded(path, json, $"JSONHas({Place(path.Steps, json)})", "0") : "0";

    /// <summary>What JSONType says of the column's field.</summary>
    public static string TypeOf(JsonPath path, string json) => $"JSONType({Place(path.Steps, json)})";

    /// <summary>The JSON of the column's field; empty where there is none.</summary>
    public static string Raw(JsonPath path, string json) => Guarded(path, json, $"JSONExtractRaw({Place(path.Steps, json)})", "''");

    string HeaderText(string header)
    {
        var (text, names, values) = (Sql.Text(header), _prefix + HeaderNames, _prefix + HeaderValues);
        return $"if(has({names}, {text}), toNullable(arrayLast((value, name) -> name = {text}, {values}, {names})), NULL)";
    }

    List<JsonPath> InTuple() => [.. _paths.Where(IsInTuple)];

    /// <summary>
    /// No element of a tuple may be called null, or like a number, or be a text and a tuple; a point in its name would be taken for a step.
    /// </summary>
    bool IsInTuple(JsonPath path) =>
        path.Steps.All(step => step.Name is not (null or "null") && !step.Name.Contains('.') && !step.Name.All(char.IsAsciiDigit))
        && !_paths.Any(other => IsWithin(other, path));

    static bool IsWithin(JsonPath inner, JsonPath outer) =>
        inner.Steps.Count > outer.Steps.Count && inner.Steps.Take(outer.Steps.Count).SequenceEqual(outer.Steps);

    static string TupleOf(IEnumerable<JsonPath> paths, int depth)
    {
        var elements = paths.GroupBy(path => path.Steps[depth].Name!)
            .Select(group => $"{Sql.Name(group.Key)} "
                + (group.First().Steps.Count == depth + 1 ? Leaf : TupleOf(group, depth + 1)));
        return $"Tuple({string.Join(", ", elements)})";
    }

    /// <summary>
    /// JSONExtract fills a tuple from an array by position. So what should be an object is looked at once more where the record has an
    /// array at all.
    /// </summary>
    static string FromTuple(JsonPath path, string json, string fields)
    {
        var element = $"{fields}.{string.Join('.', path.Steps.Select(step => Sql.Name(step.Name!)))}";
        if (path.Steps.Count == 1) return element;
        return $"if(position({json}, '[') > 0 AND ({string.Join(" OR ", AreArrays(path, json, _ => true))}), NULL, {element})";
    }

    /// <summary>ClickHouse's functions take a number for that of a member of an object, too.</summary>
    static string Guarded(JsonPath path, string json, string value, string otherwise)
    {
        var arrays = AreArrays(path, json, step => step.Name is null);
        return arrays.Count == 0 ? value : $"if({string.Join(" AND ", arrays)}, {value}, {otherwise})";
    }

    /// <summary>Whether what a step goes into is an array, for each step but the first.</summary>
    static List<string> AreArrays(JsonPath path, string json, Func<PathStep, bool> steps) =>
    [
        .. Enumerable.Range(1, path.Steps.Count - 1).Where(count => steps(path.Steps[count]))
            .Select(count => $"JSONType({Place(path.Steps.Take(count), json)}) = 'Array'"),
    ];

    static string Place(IEnumerable<PathStep> steps, string json) => string.Join(", ", steps.Select(Argument).Prepend(json));

    /// <summary>ClickHouse counts from 1.</summary>
    static string Argument(PathStep step) =>
        step.Name is { } name ? Sql.Text(name) : Number($"{(step.Index < 0 ? step.Index : step.Index + 1)}");

    static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
