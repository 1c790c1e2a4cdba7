namespace Millrace.Streams.Types;

/// <summary>
/// A column's type as the definition states it, and all that is known of it: how ClickHouse writes it, which texts are its values and
/// which SQL tells. Immutable. A new type is a new file, and a line in <see cref="ColumnTypes"/>.
/// </summary>
public abstract record ColumnType
{
    public bool IsNullable { get; init; }

    /// <summary>ClickHouse's name of the type, without what stands in parentheses.</summary>
    public abstract string Name { get; }

    /// <summary>The type as ClickHouse writes it in system.columns, without Nullable.</summary>
    public virtual string BareSql => Name;

    /// <summary>The type as ClickHouse writes it in system.columns.</summary>
    public virtual string Sql => IsNullable ? $"Nullable({BareSql})" : BareSql;

    /// <summary>Whether JSON values of ClickHouse's type are among its values.</summary>
    public virtual bool HoldsJson => false;

    /// <summary>Whether a table may be sorted by it, and a record have it as its key.</summary>
    internal virtual bool CanBeKey => true;

    /// <summary>Whether ClickHouse takes it for the keys of a Map.</summary>
    internal bool CanBeMapKey => CanBeKey && !IsNullable;

    /// <summary>Every text is a value.</summary>
    public virtual bool IsText => false;

    /// <summary>In JSON its values are numbers.</summary>
    public virtual bool IsNumber => false;

    /// <summary>Digits after the point; 0 for what has none.</summary>
    public virtual int Scale => 0;

    /// <summary>How its records write a moment; null where it is no moment, and for the forms that its type takes by itself.</summary>
    public virtual TimeFormat? Format => null;

    /// <returns>null when it is no moment.</returns>
    public virtual ColumnType? WithFormat(TimeFormat? format) => null;

    /// <summary>
    /// Whether each value of <paramref name="other"/> is a value of this type too, and means the same. ClickHouse then changes a column
    /// from one to the other without being able to fail. Both without Nullable.
    /// </summary>
    internal virtual bool Holds(ColumnType other) => BareSql == other.BareSql;

    /// <summary>Whether a definition may write <paramref name="text"/> for a value that the emitter makes.</summary>
    public virtual bool Takes(string text) => false;

    /// <summary>The JSON of a value that a definition states within another; null where it is none.</summary>
    public virtual string? Json(DefaultValue value) => value switch
    {
        { IsNull: true } => IsNullable ? "null" : null,
        { Text: { } text } when Takes(text) => IsNumber ? Literal.Json(Written(text)) : DefaultValue.Quoted(Written(text)),
        _ => null,
    };

    /// <summary>The type of a column that has a value of this one, or none.</summary>
    internal virtual string MaybeSql => (this with { IsNullable = true }).Sql;

    /// <summary>Whether <paramref name="value"/>, of <see cref="MaybeSql"/>, is none.</summary>
    internal virtual string IsNone(string value) => $"{value} IS NULL";

    /// <summary>The opposite of <see cref="IsNone"/>.</summary>
    internal virtual string IsGiven(string value) => $"{value} IS NOT NULL";

    /// <summary>What <paramref name="value"/>, of <see cref="MaybeSql"/>, is: of the type itself.</summary>
    internal virtual string Given(string value) => IsNullable ? value : $"assumeNotNull({value})";

    /// <summary><paramref name="value"/>, of <see cref="MaybeSql"/>, or <paramref name="fallback"/> where it is none.</summary>
    internal virtual string OrElse(string value, string fallback) => $"ifNull({value}, {fallback})";

    /// <summary>The type's own default, of <see cref="MaybeSql"/>.</summary>
    internal virtual string Fallback => $"defaultValueOfTypeName({Text(BareSql)})";

    /// <summary>
    /// A value from the text of its field; NULL where the text is no value of the type. What is taken is a table in docs/VALUES.md, which
    /// ValuesTests runs line by line. No function here fails or throws: an exception in a view stops the stream, and one that ClickHouse
    /// catches costs 200 us a value.
    /// </summary>
    /// <param name="field">Of type Nullable(String).</param>
    internal virtual string Value(string field) => Cast(field);

    /// <summary>As <see cref="Value(string)"/>; <paramref name="reading"/> says how JSON in the text is taken apart.</summary>
    internal virtual string Value(string field, JsonReading reading) => Value(field);

    /// <summary>
    /// Of an element: an array of its value, empty where the text is none. NULL is a value where the type is Nullable and the element null.
    /// </summary>
    internal virtual string Maybe(string field, JsonReading reading)
    {
        var isGiven = IsNullable ? $"value IS NOT NULL OR {field} IS NULL" : "value IS NOT NULL";
        return $"arrayFilter(value -> {isGiven}, [{Value(field)}])";
    }

    /// <summary>As <see cref="Value(string)"/>, with digits that the type does not keep rounded; null for a type without digits.</summary>
    internal virtual string? Rounded(string field) => null;

    /// <summary>
    /// Whether ClickHouse's parser may have changed what was sent; null where it changes nothing.
    /// </summary>
    /// <param name="text">What the parser gave, of type String.</param>
    /// <param name="jsonType">What JSONType says of the field.</param>
    internal virtual string? IsChanged(string text, string jsonType) => null;

    /// <summary>
    /// A regular expression that the JSON of what holds such an element matches where the parser may have changed the element: most texts
    /// need no second look. For types that have <see cref="IsChanged"/>.
    /// </summary>
    /// <param name="before">What stands before an element, as a character class.</param>
    internal virtual string ChangedForm(string before) => "[-+0-9.e]{16}|[0-9]e";

    /// <summary>Whether <paramref name="column"/> has the value that somebody looks for.</summary>
    internal virtual string IsWanted(string column, string text) => $"{column} = {Wanted(text)}";

    /// <summary>The value that somebody looks for, as JSON has it or as ClickHouse shows it; NULL where the text is none.</summary>
    internal virtual string Wanted(string text) => Cast(text);

    /// <summary>SQL of values at its ends, on which an expression is tried: what fails for a value should fail for one of them.</summary>
    internal virtual IEnumerable<string> Ends
    {
        get
        {
            var ends = EndTexts.Select(text => $"CAST({Text(text)}, {Text(Sql)})").Append($"defaultValueOfTypeName({Text(Sql)})");
            return IsNullable ? ends.Append($"CAST(NULL, {Text(Sql)})") : ends;
        }
    }

    /// <summary>As ClickHouse writes them; of a type made of others none.</summary>
    internal virtual IEnumerable<string> EndTexts => [];

    private protected string Cast(string field) => $"accurateCastOrNull({field}, {Text(BareSql)})";

    /// <summary>What <see cref="Takes"/>, in a form that <see cref="Value(string)"/> reads.</summary>
    internal virtual string Written(string text) => text;

    /// <summary>For a cast that would throw: no other text reaches it.</summary>
    private protected string CastIf(string condition, string field) => $"CAST({If(condition, field)}, {Text($"Nullable({BareSql})")})";

    /// <summary>Of an object or array the first character tells (91, 123), for 3 ns: its numbers may have lost digits.</summary>
    private protected static string IsNested(string text, string jsonType) => $"(ascii({text}) IN (91, 123) AND {jsonType} != 'String')";

    private protected static string Text(string value) => ClickHouse.Sql.Text(value);

    private protected static string If(string condition, string value) => $"if({condition}, {value}, NULL)";
}
