namespace Millrace.Streams.Types;

/// <summary><c>String</c>: any text.</summary>
sealed record TextType : ColumnType
{
    public override string Name => "String";

    public override bool IsText => true;

    public override bool Takes(string text) => true;

    public static TextType? Read(TypeText type) => type is { Word: "String", Arguments: [] } ? new TextType() : null;

    internal override bool Holds(ColumnType other) => other is TextType || (other is LowCardinalityType && other.IsText);

    internal override IEnumerable<string> EndTexts => ["", "a", "12", "2026-01-02", "{\"a\":[1]}", "\uFFFD ä,"];

    internal override string Value(string field) => field;

    internal override string ChangedForm(string before) => before + @"[\[{]";

    internal override string IsChanged(string text, string jsonType) => IsNested(text, jsonType);

    internal override string Wanted(string text) => text;
}
