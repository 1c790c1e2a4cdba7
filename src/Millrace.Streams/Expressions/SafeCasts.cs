namespace Millrace.Streams.Expressions;

/// <summary>Which conversions never throw, whatever the value is. Types are bare (<see cref="SafeFunctions.Bare"/>).</summary>
static class SafeCasts
{
    /// <summary>Of <c>CAST</c> and of <c>toInt32</c> and the like, of a value that is there.</summary>
    public static bool IsSafe(string target, string source) => target switch
    {
        "String" => true,
        "Float32" or "Float64" => IsNumber(source),
        _ => IsWhole(target) && (IsWhole(source) || source == "Bool" || SafeFunctions.IsMoment(source)),
    };

    /// <summary>
    /// Of <c>accurateCastOrNull</c>, which does throw: of a text that is no name of an Enum, and where a number, a Decimal or a DateTime64
    /// overflows what a DateTime64 or a whole number holds (26.7, tried with values at the ends of each type).
    /// </summary>
    public static bool NeverThrows(string target, string source) => source switch
    {
        "String" or "Dynamic" => !target.StartsWith("Enum", StringComparison.Ordinal),
        _ when IsFloat(source) || IsWhole(source) || source == "Bool" =>
            IsNumber(target) || target is "String" or "Date" or "Date32" or "DateTime",
        _ => false,
    };

    static bool IsNumber(string type) => IsWhole(type) || IsFloat(type) || type == "Bool" || SafeFunctions.IsDecimal(type);

    static bool IsFloat(string type) => type is "Float32" or "Float64" or "BFloat16";

    static bool IsWhole(string type) => SafeFunctions.Whole().IsMatch(type);
}
