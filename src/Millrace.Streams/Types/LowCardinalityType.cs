namespace Millrace.Streams.Types;

/// <summary><c>LowCardinality(...)</c>: the values of another type, kept in a dictionary.</summary>
sealed record LowCardinalityType : ColumnType
{
    const string Word = "LowCardinality";

    readonly ColumnType _inner;

    LowCardinalityType(ColumnType inner) => _inner = inner;

    public override string Name => BareSql;

    public override string BareSql => $"{Word}({_inner.BareSql})";

    /// <summary>It can't stand in Nullable.</summary>
    public override string Sql => IsNullable ? $"{Word}(Nullable({_inner.BareSql}))" : BareSql;

    public override bool IsText => _inner.IsText;

    public override bool Takes(string text) => _inner.Takes(text);

    public static bool Is(TypeText type) => type.Word == Word;

    /// <param name="inner">Of what stands in the parentheses.</param>
    /// <returns>
    /// null for a type that ClickHouse keeps no dictionary of without a setting: numbers and times are as short as its places.
    /// </returns>
    public static LowCardinalityType? Of(ColumnType inner) => inner is TextType or FixedStringType
        ? new LowCardinalityType(inner with { IsNullable = false }) { IsNullable = inner.IsNullable }
        : null;

    internal override bool Holds(ColumnType other) => _inner.Holds(other is LowCardinalityType { _inner: var inner } ? inner : other);

    internal override IEnumerable<string> EndTexts => _inner.EndTexts;

    internal override string Value(string field) => _inner.Value(field);

    internal override string ChangedForm(string before) => _inner.ChangedForm(before);

    internal override string? IsChanged(string text, string jsonType) => _inner.IsChanged(text, jsonType);

    internal override string Wanted(string text) => _inner.Wanted(text);
}
