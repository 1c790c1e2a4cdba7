using System.Globalization;

namespace Millrace.Streams.Types;

/// <summary><c>Float32</c>, <c>Float64</c> and <c>BFloat16</c>: the nearest number that the type has, and no infinity.</summary>
sealed record FloatType : ColumnType
{
    const string Double = "Float64";

    /// <summary>Each holds all values of those before it.</summary>
    static readonly string[] Names = ["BFloat16", "Float32", Double];

    FloatType(string name) => Name = name;

    public override string Name { get; }

    public override bool IsNumber => true;

    public override bool Takes(string text) => Literal.Exact(text) is not null && IsFinite(text);

    public static FloatType? Read(TypeText type) =>
        type.Arguments.Count == 0 && Names.Contains(type.Word) ? new FloatType(type.Word) : null;

    internal override IEnumerable<string> EndTexts => ["-inf", "inf", "nan"];

    internal override bool Holds(ColumnType other) => other is FloatType && Array.IndexOf(Names, other.Name) <= Array.IndexOf(Names, Name);

    /// <summary>BFloat16 reaches as far as Float32.</summary>
    bool IsFinite(string text) => Name == Double
        ? double.IsFinite(double.Parse(text, CultureInfo.InvariantCulture))
        : float.IsFinite(float.Parse(text, CultureInfo.InvariantCulture));

    internal override string Value(string field) => If($"isFinite({Cast(field)})", Cast(field));
}
