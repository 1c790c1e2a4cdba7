using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Types;

/// <summary>
/// <c>Tuple(a T, b U)</c>, from an object, which may have more fields; <c>Tuple(T, U)</c>, from an array of just so many elements.
/// </summary>
sealed partial record TupleType : CompositeType
{
    const string Word = "Tuple";

    /// <summary>What ClickHouse quotes though it has the form of a name (src/IO/WriteHelpers.cpp, writeProbablyQuotedStringImpl).</summary>
    static readonly string[] QuotedWords = ["all", "distinct", "from", "select", "table"];

    readonly IReadOnlyList<string> _names;

    TupleType(IReadOnlyList<string> names, IReadOnlyList<ColumnType> elements) => (_names, Elements) = (names, elements);

    public override string Name => Word;

    /// <summary>Either all elements have a name or none.</summary>
    public bool IsNamed => _names.Count > 0;

    /// <summary>Empty where the elements have none.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The names of those that an object may not lack.</summary>
    public IEnumerable<string> Needed => _names.Where((_, i) => !Elements[i].IsNullable);

    public override string BareSql =>
        $"{Word}({string.Join(", ", Elements.Select((element, i) => IsNamed ? $"{Shown(_names[i])} {element.Sql}" : element.Sql))})";

    public override IReadOnlyList<ColumnType> Elements { get; }

    public bool Equals(TupleType? other) => other is not null && BareSql == other.BareSql;

    public override int GetHashCode() => BareSql.GetHashCode(StringComparison.Ordinal);

    public static TupleType? Read(TypeText type) => type.Word == Word ? Of(type.Arguments) : null;

    public static TupleType? Of(IReadOnlyList<TypeText> arguments)
    {
        var named = arguments.Where(argument => argument.Word == TypeText.Named).ToList();
        if (arguments.Count == 0 || (named.Count > 0 && named.Count < arguments.Count)) return null;
        var names = named.Select(argument => argument.Arguments[0].Name).ToList();
        if (names.Exists(name => name is null || !IsName(name)) || names.Distinct().Count() < names.Count) return null;
        var elements = arguments.Select(argument => ColumnTypes.Read(named.Count > 0 ? argument.Arguments[1] : argument)).ToList();
        return elements.Contains(null) ? null : new TupleType([.. names.OfType<string>()], [.. elements.OfType<ColumnType>()]);
    }

    public override string? Json(DefaultValue value)
    {
        List<string?> texts;
        if (!IsNamed)
        {
            if (value.Items is not { } items || items.Count != Elements.Count) return null;
            texts = [.. items.Select((item, i) => Elements[i].Json(item))];
            return texts.Contains(null) ? null : $"[{string.Join(",", texts)}]";
        }
        if (value.Fields is not { } fields || fields.Any(field => !_names.Contains(field.Name))) return null;
        var given = fields.ToDictionary(field => field.Name, field => field.Value);
        texts = [.. _names.Select((name, i) => Elements[i].Json(given.GetValueOrDefault(name) ?? DefaultValue.Null))];
        return texts.Contains(null)
            ? null
            : $"{{{string.Join(",", texts.Select((text, i) => $"{DefaultValue.Quoted(_names[i])}:{text}"))}}}";
    }

    private protected override IEnumerable<string> Combined()
    {
        var ends = Elements.Select(element => element.Ends.ToList()).ToList();
        return Enumerable.Range(0, ends.Max(one => one.Count))
            .Select(i => $"tuple({string.Join(", ", ends.Select(one => one[i % one.Count]))})");
    }

    private protected override string BeforeElement => IsNamed ? ":" : @"[\[,]";

    private protected override string Made(string json, JsonReading reading)
    {
        var parts = Elements.Select((element, i) => element.Maybe(Number($"texts[{i + 1}]"), reading));
        var made = $"arrayMap(texts -> tuple({string.Join(", ", parts)}), arrayMap(texts -> {reading.Texts("texts")}, {Found(json)}))";
        var areGiven = string.Join(" AND ", Elements.Select((_, i) => Number($"notEmpty(parts.{i + 1})")));
        var values = string.Join(", ", Elements.Select((_, i) => Number($"parts.{i + 1}[1]")));
        return $"arrayMap(parts -> tuple({values}), arrayFilter(parts -> {areGiven}, {made}))";
    }

    private protected override IEnumerable<string> ChangedElements(string json)
    {
        var areChanged = Elements.Select((element, i) => IsElementChanged(element, Number($"texts[{i + 1}]"))).OfType<string>().ToList();
        return areChanged.Count == 0 ? [] : [$"arrayExists(texts -> {string.Join(" OR ", areChanged)}, {Found(json)})"];
    }

    /// <summary>JSONExtract fills a tuple from an array by position, and what is no JSON has no field.</summary>
    string Found(string json)
    {
        if (!IsNamed)
            return $"arrayFilter(texts -> length(texts) = {Number($"{Elements.Count}")}, [{Texts(json)}])";
        var tuple = Text($"{Word}({string.Join(", ", _names.Select(name => $"{Shown(name)} Nullable(String)"))})");
        var fields = string.Join(", ", _names.Select((_, i) => Number($"found.{i + 1}")));
        var isObject = $"startsWith(trimLeft({json}), '{{')"
            + (Elements.All(element => element.IsNullable) ? $" AND isValidJSON({json})" : "");
        return $"if({isObject}, arrayMap(found -> [{fields}], [JSONExtract({json}, {tuple})]), [])";
    }

    static string Shown(string name) => QuotedWords.Contains(name.ToLowerInvariant()) ? $"`{name}`" : ClickHouse.Sql.Name(name);

    static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>ClickHouse takes a number for a position, a point for a step, and keeps null for itself.</summary>
    static bool IsName(string name) =>
        NameForm().IsMatch(name) && !name.Equals("null", StringComparison.OrdinalIgnoreCase) && !name.All(char.IsAsciiDigit);

    [GeneratedRegex(@"^[^.`\\\p{Cc}]{1,100}\z")]
    private static partial Regex NameForm();
}
