namespace Millrace.Streams.Types;

/// <summary>
/// <c>Map(K, V)</c>, from an object: its names are the keys. Of a key that occurs twice the first counts, as of every name; two names may be
/// one key, as 1 and 01 of a number.
/// </summary>
sealed record MapType : CompositeType
{
    const string Word = "Map";

    readonly ColumnType _key;
    readonly ColumnType _value;

    MapType(ColumnType key, ColumnType value) => (_key, _value) = (key, value);

    public override string Name => Word;

    public ColumnType Key => _key;

    public override string BareSql => $"{Word}({_key.Sql}, {_value.Sql})";

    public override IReadOnlyList<ColumnType> Elements => [_key, _value];

    public static MapType? Read(TypeText type) => type is { Word: Word, Arguments: [var key, var value] }
        && ColumnTypes.Read(key) is { CanBeMapKey: true } keys && ColumnTypes.Read(value) is { } values
            ? new MapType(keys, values)
            : null;

    public override string? Json(DefaultValue value)
    {
        if (value.Fields is not { } fields) return null;
        var texts = fields.Select(field => (Key: _key.Takes(field.Name) ? field.Name : null, Value: _value.Json(field.Value))).ToList();
        return texts.Exists(text => text.Key is null || text.Value is null)
            ? null
            : $"{{{string.Join(",", texts.Select(text => $"{DefaultValue.Quoted(_key.Written(text.Key!))}:{text.Value}"))}}}";
    }

    private protected override IEnumerable<string> Combined() =>
        ["map()", .. _value.Ends.Zip(_key.Ends.Concat(_key.Ends), (value, key) => $"map({key}, {value})")];

    private protected override string BeforeElement => ":";

    private protected override string Made(string json, JsonReading reading)
    {
        var pairs = Pairs(json);
        var found = $"if(notEmpty({pairs}) OR match({json}, {Text(@"^\s*\{\s*\}\s*$")}), [{pairs}], [])";
        var values = reading.Texts("arrayMap(pair -> pair.2, pairs)");
        var made = "arrayMap(pairs -> arrayMap((key, text) -> "
            + $"({_key.Maybe("key", JsonReading.AsParsed)}, {_value.Maybe("text", reading)}), "
            + $"arrayMap(pair -> toNullable(pair.1), pairs), {values}), {found})";
        var whole = "arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), "
            + $"arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), {made}))";
        var keys = "arrayMap(pair -> pair.1, pairs)";
        return $"arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq({keys})), {whole})";
    }

    private protected override IEnumerable<string> ChangedElements(string json) => IsElementChanged(_value, "pair.2") is { } isChanged
        ? [$"arrayExists(pair -> {isChanged}, {Pairs(json)})"]
        : [];

    /// <summary>None where the JSON is no object.</summary>
    static string Pairs(string json) => $"JSONExtractKeysAndValues({json}, 'Nullable(String)')";
}
