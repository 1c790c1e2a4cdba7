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

    /// <summary>
    /// A value from the text of its field; NULL where the text is no value of the type. What is taken is a table in docs/VALUES.md, which
    /// ValuesTests runs line by line. No function here fails or throws: an exception in a view stops the stream, and one that ClickHouse
    /// catches costs 200 us a value.
    /// </summary>
    /// <param name="field">Of type Nullable(String).</param>
    internal virtual string Value(string field) => Cast(field);

    /// <summary>As <see cref="Value"/>, with digits that the type does not keep rounded; null for a type without digits.</summary>
    internal virtual string? Rounded(string field) => null;

    /// <summary>
    /// Whether ClickHouse's parser may have changed what was sent; null where it changes nothing.
    /// </summary>
    /// <param name="text">What the parser gave, of type String.</param>
    /// <param name="jsonType">What JSONType says of the field.</param>
    internal virtual string? IsChanged(string text, string jsonType) => null;

    /// <summary>The value that somebody looks for, as JSON has it or as ClickHouse shows it; NULL where the text is none.</summary>
    internal virtual string Wanted(string text) => Cast(text);

    private protected string Cast(string field) => $"accurateCastOrNull({field}, {Text(BareSql)})";

    /// <summary>What <see cref="Takes"/>, in a form that <see cref="Value"/> reads.</summary>
    internal virtual string Written(string text) => text;

    /// <summary>For a cast that would throw: no other text reaches it.</summary>
    private protected string CastIf(string condition, string field) => $"CAST({If(condition, field)}, {Text($"Nullable({BareSql})")})";

    /// <summary>Of an object or array the first character tells (91, 123), for 3 ns: its numbers may have lost digits.</summary>
    private protected static string IsNested(string text, string jsonType) => $"(ascii({text}) IN (91, 123) AND {jsonType} != 'String')";

    private protected static string Text(string value) => ClickHouse.Sql.Text(value);

    private protected static string If(string condition, string value) => $"if({condition}, {value}, NULL)";
}
