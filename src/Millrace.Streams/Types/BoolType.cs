namespace Millrace.Streams.Types;

/// <summary><c>Bool</c>. The words are ClickHouse's own (src/DataTypes/Serializations/SerializationBool.cpp).</summary>
sealed record BoolType : ColumnType
{
    static readonly string[] True = ["true", "t", "yes", "y", "on", "enable", "enabled", "1"];
    static readonly string[] False = ["false", "f", "no", "n", "off", "disable", "disabled", "0"];

    public override string Name => "Bool";

    public override bool Takes(string text) => text is "true" or "false";

    public override string? Json(DefaultValue value) => value.Text is "true" or "false" ? value.Text : base.Json(value);

    public static BoolType? Read(TypeText type) => type is { Word: "Bool", Arguments: [] } ? new BoolType() : null;

    internal override IEnumerable<string> EndTexts => ["true", "false"];

    /// <summary>ClickHouse's own cast throws and catches for each text that is none.</summary>
    internal override string Value(string field)
    {
        var words = string.Join(", ", True.Concat(False).Select(Text));
        var values = string.Join(", ", True.Select(_ => "true").Concat(False.Select(_ => "false")));
        return $"transform(lower({field}), [{words}], [{values}], NULL)";
    }
}
