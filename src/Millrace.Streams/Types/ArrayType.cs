namespace Millrace.Streams.Types;

/// <summary>
/// <c>Array(T)</c>, and <c>Nested(a T, b U)</c>, which is an array of tuples (docs/decisions/0020-types-made-of-others.md).
/// </summary>
sealed record ArrayType(ColumnType Element) : CompositeType
{
    const string Word = "Array";

    public override string Name => Word;

    public override string BareSql => $"{Word}({Element.Sql})";

    public override IReadOnlyList<ColumnType> Elements => [Element];

    public static ArrayType? Read(TypeText type) => type switch
    {
        { Word: Word, Arguments: [var element] } => ColumnTypes.Read(element) is { } read ? new ArrayType(read) : null,
        { Word: "Nested" } => TupleType.Of(type.Arguments) is { IsNamed: true } tuple ? new ArrayType(tuple) : null,
        _ => null,
    };

    public override string? Json(DefaultValue value) => value.Items is { } items && items.Select(Element.Json).ToList() is var texts
        && !texts.Contains(null)
            ? $"[{string.Join(",", texts)}]"
            : null;

    private protected override IEnumerable<string> Combined() =>
        ["[]", $"[{string.Join(", ", Element.Ends)}]", .. Element.Ends.Select(end => $"[{end}, {end}]")];

    private protected override string BeforeElement => @"[\[,]";

    private protected override string Made(string json, JsonReading reading)
    {
        var texts = ArrayTexts(json);
        if (Element is CompositeType)
        {
            var made = $"arrayMap(texts -> arrayMap(text -> {Element.Maybe("text", reading)}, {reading.Texts("texts")}), {texts})";
            return $"arrayMap(values -> arrayMap(value -> value[1], values), arrayFilter(values -> arrayAll(value -> notEmpty(value), values), {made}))";
        }
        var values = $"arrayMap(text -> {Element.Value("text")}, {reading.Texts("texts")})";
        if (!Element.IsNullable)
            return $"arrayFilter(values -> arrayAll(value -> value IS NOT NULL, values), arrayMap(texts -> {values}, {texts}))";
        // Of the elements that have no value all were null.
        var counted = $"arrayMap(texts -> (arrayCount(text -> text IS NULL, texts), {values}), {texts})";
        return $"arrayMap(pair -> pair.2, arrayFilter(pair -> arrayCount(value -> value IS NULL, pair.2) = pair.1, {counted}))";
    }

    private protected override IEnumerable<string> ChangedElements(string json) =>
        IsElementChanged(Element, "text") is { } isChanged ? [$"arrayExists(text -> {isChanged}, {Texts(json)})"] : [];
}
