using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Streams.Types;

namespace Millrace.Streams.Infer;

/// <summary>
/// What the records of a sample hold at one place of their JSON. Its size has a bound, however many records there are. Single thread.
/// </summary>
/// <param name="depth">0 for the record itself.</param>
sealed partial class FieldFacts(int depth)
{
    /// <summary>Objects that lie deeper are kept as text.</summary>
    const int MaxDepth = 6;

    /// <summary>An object with more names is a map, whose names are data: it is kept as text.</summary>
    const int MaxNames = 200;

    /// <summary>As many as stay readable, and fast to insert.</summary>
    public const int MaxColumns = 1000;

    /// <summary>
    /// What LowCardinality is good for ends at some thousands: https://clickhouse.com/docs/sql-reference/data-types/lowcardinality
    /// </summary>
    public const int MaxTexts = 1000;

    const string Numbers = "Float64";

    /// <summary>
    /// From the narrowest. A number has 64 bits or more, and a Decimal 18 digits: what a sample shows is seldom the largest that will come.
    /// </summary>
    static readonly ColumnType[] TextTypes = Types("UUID", "IPv4", "IPv6", "Date", "Date32", "DateTime64(3)");
    static readonly ColumnType[] NumberTypes =
        Types("Int64", "UInt64", "Int128", "UInt128", "Int256", "UInt256", "Decimal(18, 4)", Numbers);
    static readonly ColumnType[] TruthTypes = Types("Bool");

    readonly HashSet<string> _texts = [];
    List<ColumnType>? _types;

    /// <summary>In the order in which they were seen.</summary>
    public OrderedDictionary<string, FieldFacts> Fields { get; } = [];

    /// <summary>Records that have a value here, null not counted.</summary>
    public int Values { get; private set; }

    public int Objects { get; private set; }

    public int Arrays { get; private set; }

    /// <summary>Digits after the point.</summary>
    public int Scale { get; private set; }

    /// <summary>Every value is a number that can be seconds or milliseconds since 1970, of the years 2001 to 2033.</summary>
    public bool IsEpoch { get; private set; } = true;

    /// <summary>Every value is an object of fields, which become columns of their own.</summary>
    public bool IsNested => Objects > 0 && Objects == Values && Fields.Count is > 0 and <= MaxNames && depth < MaxDepth;

    /// <summary>Different texts; null where there are too many to count.</summary>
    public int? Texts => _texts.Count <= MaxTexts ? _texts.Count : null;

    /// <summary>The narrowest that holds every value; null for text of any form.</summary>
    public ColumnType? Type => _types?.FirstOrDefault();

    public void Add(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        Values++;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: AddObject(value); break;
            case JsonValueKind.Number: AddNumber(value.GetRawText()); break;
            case JsonValueKind.String: AddText(value.GetString()!); break;
            case JsonValueKind.Array: Arrays++; Narrow([], _ => false); break;
            default: Narrow(TruthTypes, _ => true); break;
        }
    }

    void AddObject(JsonElement value)
    {
        Objects++;
        Narrow([], _ => false);
        if (depth >= MaxDepth) return;
        foreach (var field in value.EnumerateObject())
        {
            // A definition has no path to a field without a name.
            // One name too many tells that there are too many.
            var isFull = Fields.Count > (depth == 0 ? MaxColumns : MaxNames);
            if (field.Name is "" || (isFull && !Fields.ContainsKey(field.Name))) continue;
            Fields.TryAdd(field.Name, new FieldFacts(depth + 1));
            Fields[field.Name].Add(field.Value);
        }
    }

    void AddNumber(string text)
    {
        var isFinite = double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture));
        Narrow(NumberTypes, type => type.Name == Numbers ? isFinite : type.Takes(text));
        Scale = Math.Max(Scale, Literal.Exact(text)?.Scale ?? 0);
        IsEpoch = IsEpoch && Epoch().IsMatch(text);
    }

    void AddText(string text)
    {
        Narrow(TextTypes, type => type.Takes(text));
        Scale = Math.Max(Scale, Fraction().Match(text).Groups[1].Length);
        IsEpoch = false;
        if (_texts.Count <= MaxTexts) _texts.Add(text);
    }

    void Narrow(ColumnType[] all, Func<ColumnType, bool> takes) =>
        _types = [.. (_types ?? [.. all]).Where(type => all.Contains(type) && takes(type))];

    static ColumnType[] Types(params string[] types) => [.. types.Select(type => ColumnTypes.Parse(type)!)];

    [GeneratedRegex(@"^(?:1[0-9]{9}(?:[.][0-9]+)?|1[0-9]{12})\z")]
    private static partial Regex Epoch();

    [GeneratedRegex(@"[.]([0-9]+)")]
    private static partial Regex Fraction();
}
