namespace Millrace.Streams.Types;

/// <summary><c>UUID</c> and <c>IPv4</c>, which ClickHouse reads from text exactly.</summary>
sealed record PlainType : ColumnType
{
    static readonly string[] Names = ["UUID", "IPv4"];

    PlainType(string name) => Name = name;

    public override string Name { get; }

    public static PlainType? Read(TypeText type) =>
        type.Arguments.Count == 0 && Names.Contains(type.Word) ? new PlainType(type.Word) : null;
}
