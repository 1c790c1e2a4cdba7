using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Expressions;

/// <summary>
/// How large a sum, difference or product of Decimals and whole numbers can be at most, in units of its last digit: ClickHouse throws where
/// that is beyond the bits in which it keeps the result (DECIMAL_OVERFLOW).
/// </summary>
static partial class DecimalBound
{
    /// <returns>null where it may be beyond what ClickHouse keeps, or is something else.</returns>
    public static (BigInteger Units, int Scale)? Of(QueryTreeNode node)
    {
        var type = SafeFunctions.Bare(node.Type);
        if (node.Kind != "FUNCTION") return OfType(type, isValue: true);
        var parts = node.Parts.Select(Of).ToList();
        if (parts.Contains(null)) return null;
        var bounds = parts.Select(part => part!.Value).ToList();
        return node.Name switch
        {
            "negate" or "abs" => bounds[0],
            "multiply" => Kept((bounds[0].Units * bounds[1].Units, bounds[0].Scale + bounds[1].Scale), type),
            "plus" or "minus" => Kept(Sum(bounds[0], bounds[1]), type),
            "equals" or "notEquals" or "less" or "greater" or "lessOrEquals" or "greaterOrEquals"
                or "isDistinctFrom" or "isNotDistinctFrom" =>
                Kept(Sum(bounds[0], bounds[1]), Widest(node.Parts)),
            _ when node.Name.StartsWith("toDecimal", StringComparison.Ordinal) && Scale(type) is { } scale =>
                Kept(Moved(bounds[0], scale), type),
            _ => OfType(type, isValue: false),
        };
    }

    static (BigInteger Units, int Scale) Sum((BigInteger Units, int Scale) one, (BigInteger Units, int Scale) other)
    {
        var scale = Math.Max(one.Scale, other.Scale);
        return (Moved(one, scale).Units + Moved(other, scale).Units, scale);
    }

    static (BigInteger Units, int Scale) Moved((BigInteger Units, int Scale) bound, int scale) => scale >= bound.Scale
        ? (bound.Units * BigInteger.Pow(10, scale - bound.Scale), scale)
        : ((bound.Units / BigInteger.Pow(10, bound.Scale - scale)) + 1, scale);

    static (BigInteger Units, int Scale)? Kept((BigInteger Units, int Scale) bound, string type) =>
        DecimalForm().Match(type) is { Success: true } match && bound.Units <= Capacity(Number(match, "precision")) ? bound : null;

    static string Widest(IEnumerable<QueryTreeNode> parts) => parts.Select(part => SafeFunctions.Bare(part.Type))
        .OrderByDescending(type => DecimalForm().Match(type) is { Success: true } match ? Number(match, "precision") : 0).First();

    /// <param name="isValue">
    /// It is a column's value, which has no more digits than its type says; a result may have what the bits hold.
    /// </param>
    static (BigInteger Units, int Scale)? OfType(string type, bool isValue)
    {
        if (DecimalForm().Match(type) is { Success: true } match)
        {
            var precision = Number(match, "precision");
            return (isValue ? BigInteger.Pow(10, precision) - 1 : Capacity(precision), Number(match, "scale"));
        }
        return WholeForm().Match(type) is { Success: true } whole ? (BigInteger.Pow(2, Number(whole, "bits")), 0) : null;
    }

    static int? Scale(string type) => DecimalForm().Match(type) is { Success: true } match ? Number(match, "scale") : null;

    static BigInteger Capacity(int precision) =>
        BigInteger.Pow(2, precision switch { <= 9 => 31, <= 18 => 63, <= 38 => 127, _ => 255 }) - 1;

    static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Decimal\((?<precision>\d+), (?<scale>\d+)\)\z")]
    private static partial Regex DecimalForm();

    [GeneratedRegex(@"^U?Int(?<bits>\d+)\z")]
    private static partial Regex WholeForm();
}
