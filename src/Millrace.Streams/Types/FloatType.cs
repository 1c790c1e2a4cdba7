using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary><c>Float32</c> and <c>Float64</c>: the nearest number that the type has, and no infinity.</summary>
sealed record FloatType : ColumnType
{
    const string Single = "Float32";

    FloatType(string name) => Name = name;

    public override string Name { get; }

    public override bool IsNumber => true;

    public override bool Takes(string text) => Literal.Exact(text) is not null && IsFinite(text);

    public static FloatType? Read(TypeText type) =>
        type is { Word: Single or "Float64", Arguments: [] } ? new FloatType(type.Word) : null;

    internal override bool Holds(ColumnType other) => other is FloatType { Name: var name } && (name == Name || name == Single);

    bool IsFinite(string text) => Name == Single
        ? float.IsFinite(float.Parse(text, CultureInfo.InvariantCulture))
        : double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture));

    internal override string Value(string field) => If($"isFinite({Cast(field)})", Cast(field));
}
