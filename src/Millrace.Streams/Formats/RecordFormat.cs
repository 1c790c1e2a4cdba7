using System.Globalization;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Formats;

/// <summary>
/// How the values of a topic's records are written. Columns are read from JSON; another format says how a record becomes JSON first, and
/// all that follows is the same: paths, rules, reasons (docs/decisions/0023-formats.md). Immutable. A new format is a new file, and a line
/// in <c>FormatReader</c>.
/// </summary>
public abstract record RecordFormat
{
    public static RecordFormat Json { get; } = new JsonFormat();

    /// <summary>The word that a definition writes.</summary>
    public abstract string Name { get; }

    /// <summary>The fields that every record has; null where each record names its own.</summary>
    public virtual IReadOnlyList<string>? Fields => null;

    public bool IsJson => this is JsonFormat;

    /// <summary>
    /// SQL of the record as a JSON object whose values are texts or null, of type String; empty where it can't be read. It fails for no
    /// value.
    /// </summary>
    /// <param name="value">SQL of the record's value.</param>
    internal abstract string ToJson(string value);

    /// <summary>SQL of why a record can't be read. What differs from record to record follows a colon.</summary>
    /// <param name="value">SQL of the record's value.</param>
    internal abstract string Fault(string value);

    /// <summary>All that decides what a record says, for those who compare two definitions.</summary>
    public abstract override string ToString();

    private protected static string Text(string text) => Sql.Text(text);

    private protected static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of the value without what ends a line.</summary>
    private protected static string Line(string value) => $"replaceRegexpOne({value}, {Text(@"\r?\n$")}, '')";

    /// <summary>A name for the value of an expression: ClickHouse would write it out wherever it stands.</summary>
    private protected static string Let(string name, string value, string within) => $"arrayMap({name} -> {within}, [{value}])[1]";

    /// <param name="values">SQL of an array of Nullable(String).</param>
    private protected static string Object(IReadOnlyList<string> names, string values)
    {
        var keys = string.Join(", ", names.Select(name => Text($"{System.Text.Json.JsonSerializer.Serialize(name)}:")));
        var fields = $"arrayMap((key, value) -> concat(key, ifNull(toJSONString(value), 'null')), [{keys}], "
            + Number($"arrayResize({values}, {names.Count}))");
        return $"concat('{{', arrayStringConcat({fields}, ','), '}}')";
    }

    sealed record JsonFormat : RecordFormat
    {
        public override string Name => "json";

        internal override string ToJson(string value) => value;

        internal override string Fault(string value) => "'not valid JSON'";

        public override string ToString() => Name;
    }
}
