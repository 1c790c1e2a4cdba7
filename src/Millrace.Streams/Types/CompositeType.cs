namespace Millrace.Streams.Types;

/// <summary>
/// A type whose values are made of others. ClickHouse keeps no NULL in their place: until a record is found valid, its value stands in an
/// array, which is empty for none. Each element is held to the rules of a column of its type, by the same SQL.
/// </summary>
abstract record CompositeType : ColumnType
{
    /// <summary>What it is made of, in the order of the parentheses.</summary>
    public abstract IReadOnlyList<ColumnType> Elements { get; }

    public override bool HoldsJson => Elements.Any(element => element.HoldsJson);

    internal override string MaybeSql => $"Array({BareSql})";

    internal override bool CanBeKey => false;

    internal override string IsNone(string value) => $"empty({value})";

    internal override string IsGiven(string value) => $"notEmpty({value})";

    internal override string Given(string value) => $"{value}[1]";

    internal override string OrElse(string value, string fallback) => $"if({IsNone(value)}, {fallback}, {value})";

    internal override string Fallback => $"[{base.Fallback}]";

    internal sealed override string Value(string field) => Value(field, JsonReading.AsParsed);

    internal sealed override string Value(string field, JsonReading reading)
    {
        var text = $"ifNull({field}, '')";
        var made = reading == JsonReading.AsParsed
            ? Made(text, reading)
            : $"arrayMap(json -> {Made("json", reading)}, arrayMap(text -> {reading.Json("text")}, [{text}]))[1]";
        return $"arrayMap(value -> CAST(value, {Text(BareSql)}), {made})";
    }

    /// <summary>An array of the value, of elements that ClickHouse converts without fail; empty where the JSON is none.</summary>
    /// <param name="json">Of type String.</param>
    private protected abstract string Made(string json, JsonReading reading);

    internal sealed override string Maybe(string field, JsonReading reading) => Value(field, reading);

    internal override IEnumerable<string> Ends => Combined().Select(value => $"CAST({value}, {Text(Sql)})");

    /// <summary>Values made of the ends of its elements.</summary>
    private protected abstract IEnumerable<string> Combined();

    /// <summary>The beginning of a text that is JSON itself, within JSON.</summary>
    internal const string JsonInText = @""" *[\[{]";

    /// <summary>A text that is JSON for everybody but ClickHouse's parser is read again, too.</summary>
    internal sealed override string IsChanged(string text, string jsonType)
    {
        var changed = ChangedElements(text).ToList();
        var isChanged = changed.Count == 0 ? "" : $" OR (match({text}, {Text(OwnChangedForm)}) AND ({string.Join(" OR ", changed)}))";
        return $"(ascii({text}) IN (91, 123) AND (NOT isValidJSON({text}){isChanged}))";
    }

    internal sealed override string ChangedForm(string before) => string.Join('|', [JsonInText, OwnChangedForm]);

    /// <summary>What its elements stand behind in JSON, as a character class.</summary>
    private protected abstract string BeforeElement { get; }

    string OwnChangedForm => string.Join('|', Elements.Where(element => element.IsChanged("", "") is not null)
        .Select(element => element.ChangedForm(BeforeElement)).Distinct());

    /// <summary>Whether the parser may have changed an element; of a number it is not known whether it was a double.</summary>
    private protected abstract IEnumerable<string> ChangedElements(string json);

    private protected static string? IsElementChanged(ColumnType type, string text) => type.IsChanged($"assumeNotNull({text})", "'Double'");

    /// <summary>The texts of an array, as an array of that array; empty where the JSON is no array.</summary>
    private protected static string ArrayTexts(string json)
    {
        var texts = Texts(json);
        return $"if(notEmpty({texts}) OR match({json}, {Text(@"^\s*\[\s*\]\s*$")}), [{texts}], [])";
    }

    /// <summary>No element where the JSON is no array.</summary>
    private protected static string Texts(string json) => $"JSONExtract({json}, 'Array(Nullable(String))')";

    internal override string IsWanted(string column, string text)
    {
        var value = Value($"toNullable({text})");
        return $"(notEmpty({value}) AND {column} = {value}[1])";
    }
}
