namespace Millrace.Streams.Types;

/// <summary><c>Float32</c> and <c>Float64</c>: the nearest number that the type has, and no infinity.</summary>
sealed record FloatType : ColumnType
{
    FloatType(string name) => Name = name;

    public override string Name { get; }

    public override bool IsNumber => true;

    public override bool Takes(string text) => Literal.Number(text) is not null;

    public static FloatType? Read(TypeText type) =>
        type is { Word: "Float32" or "Float64", Arguments: [] } ? new FloatType(type.Word) : null;

    internal override string Value(string field) => If($"isFinite({Cast(field)})", Cast(field));
}
