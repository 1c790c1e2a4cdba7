using System.Text.RegularExpressions;

namespace Millrace.Streams.Expressions;

/// <summary>
/// The functions that an expression over a record's values may use: none of them throws, whatever the values are. One that did would fail
/// its block at every try, and so stop its partition for ever (docs/decisions/0020-types-made-of-others.md). Tried on ClickHouse 26.7 with
/// values at the ends of every type: ExpressionTests.
/// </summary>
static partial class SafeFunctions
{
    /// <summary>Whatever their arguments are, as long as ClickHouse takes them at all.</summary>
    static readonly HashSet<string> Always =
    [
        "and", "or", "not", "xor", "if", "multiIf", "ifNull", "coalesce", "isNull", "isNotNull", "assumeNotNull", "toNullable",
        "isZeroOrNull", "identity", "ignore", "toTypeName", "now", "now64", "today", "yesterday",
        "lower", "upper", "lowerUTF8", "upperUTF8", "length", "lengthUTF8", "empty", "notEmpty", "concat",
        "trimLeft", "trimRight", "trimBoth", "reverse", "reverseUTF8", "position", "positionCaseInsensitive", "positionUTF8",
        "startsWith", "endsWith", "hex", "base64Encode", "tryBase64Decode", "ascii", "isValidUTF8",
        "toValidUTF8", "domain", "domainWithoutWWW", "topLevelDomain", "protocol", "path", "pathFull", "queryString", "fragment",
        "extractURLParameter", "cutQueryString", "cutFragment", "cutWWW", "cityHash64", "sipHash64", "xxHash32", "xxHash64", "halfMD5",
        "farmHash64", "murmurHash3_64", "MD5", "SHA1", "SHA256", "CRC32", "JSONHas", "JSONLength", "JSONType", "JSONExtractString",
        "JSONExtractInt", "JSONExtractUInt", "JSONExtractFloat", "JSONExtractBool", "JSONExtractRaw", "isValidJSON",
        "IPv4NumToString", "IPv6NumToString", "IPv4StringToNumOrNull", "IPv6StringToNumOrNull", "isIPv4String", "isIPv6String",
        "toIPv4OrNull", "toIPv4OrZero", "toIPv6OrNull", "toIPv6OrZero", "toUUIDOrNull", "toUUIDOrZero", "generateUUIDv4",
        "arrayElement", "arrayElementOrNull", "has", "hasAny", "hasAll", "indexOf", "arrayMap", "arrayFilter", "arrayExists", "arrayAll",
        "arrayCount", "arrayFirst", "arrayFirstOrNull", "arrayLast", "arrayLastOrNull", "arrayDistinct", "arrayUniq", "arraySort",
        "arrayReverseSort", "arrayReverse", "arrayConcat", "arrayStringConcat", "arrayCompact", "arrayFlatten",
        "arrayEnumerate", "arrayMin", "arrayMax", "array", "tuple", "tupleElement", "map", "mapKeys", "mapValues", "mapContains",
        "mapContainsKey", "accurateCastOrNull", "accurateCastOrDefault", "parseDateTimeBestEffortOrNull", "parseDateTime64BestEffortOrNull",
    ];

    /// <summary>As long as no argument is a Decimal, which they would overflow, or a DateTime64.</summary>
    static readonly HashSet<string> WithoutDecimals =
    [
        "plus", "minus", "multiply", "divide", "negate", "abs", "moduloOrNull", "divideOrNull",
        "sign", "sqrt", "cbrt", "exp", "exp2", "exp10", "log", "log2", "log10", "pow", "power",
        "sin", "cos", "tan", "asin", "acos", "atan", "bitAnd", "bitOr", "bitXor", "bitNot", "arraySum", "arrayAvg", "greatest", "least",
        "isNaN", "isFinite", "isInfinite", "ifNotFinite",
    ];

    /// <summary>As long as all arguments but the first are written out, so that ClickHouse has judged them.</summary>
    static readonly HashSet<string> WithConstants =
    [
        "in", "notIn", "arraySlice", "round", "floor", "ceiling", "ceil", "truncate", "trunc", "toString", "toTimeZone", "left",
        "right", "leftUTF8", "rightUTF8", "substring", "substringUTF8", "match", "like", "notLike", "ilike", "notILike",
        "extract", "extractAll", "replaceOne", "replaceAll",
        "replaceRegexpOne", "replaceRegexpAll", "formatDateTime", "toStartOfInterval", "transform",
        "addSeconds", "addMinutes", "addHours", "addDays", "addWeeks", "addMonths", "addQuarters", "addYears",
        "subtractSeconds", "subtractMinutes", "subtractHours", "subtractDays", "subtractWeeks", "subtractMonths", "subtractQuarters",
        "subtractYears",
    ];

    static readonly HashSet<string> Comparisons = ["equals", "notEquals", "less", "greater", "lessOrEquals", "greaterOrEquals", "nullIf"];

    static readonly HashSet<string> WithDecimals = ["plus", "minus", "multiply", "negate", "abs", .. Comparisons];

    /// <summary>Of days and moments; of texts they fail, and what else follows is written out.</summary>
    static readonly HashSet<string> Moments =
    [
        "toDate", "toDate32", "toDateTime", "toUnixTimestamp", "toDateTime64", "toUnixTimestamp64Milli", "toUnixTimestamp64Micro",
        "toYear", "toQuarter", "toMonth", "toDayOfMonth", "toDayOfWeek", "toDayOfYear", "toHour", "toMinute", "toSecond", "toYYYYMM",
        "toYYYYMMDD", "toISOWeek", "toISOYear", "toMonday", "toStartOfYear", "toStartOfISOYear", "toStartOfQuarter", "toStartOfMonth",
        "toStartOfWeek", "toStartOfDay", "toStartOfHour", "toStartOfMinute", "toStartOfFiveMinutes", "toStartOfTenMinutes",
        "toStartOfFifteenMinutes",
    ];

    /// <returns>Why the expression might fail, or is none of one row; null where it can't fail.</returns>
    public static string? Fault(QueryTreeNode node)
    {
        if (node.Kind is not ("FUNCTION" or "COLUMN" or "CONSTANT" or "LAMBDA"))
            return "holds a query; write an expression over the columns of the stream";
        if (node.Kind == "FUNCTION" && (!node.IsOrdinary || node.Name == "arrayJoin"))
            return $"holds {node.Name}, which takes or makes many rows; write an expression of one row";
        if (node.Parts.Select(Fault).FirstOrDefault(fault => fault is not null) is { } inner) return inner;
        return node.Kind != "FUNCTION" || IsSafe(node) ? null : $"holds {node.Name}, {WhyNot(node)}";
    }

    static bool IsSafe(QueryTreeNode node)
    {
        var types = node.Parts.Select(part => Bare(part.Type)).ToList();
        var name = node.Name;
        // Several arrays must be of one length, which records need not keep to.
        if (name.StartsWith("array", StringComparison.Ordinal) && name is not ("array" or "arrayConcat") && types.Count(IsArray) > 1)
            return false;
        if (Always.Contains(name) || OrNull().IsMatch(name)) return true;
        if (WithConstants.Contains(name)) return node.Parts.Skip(1).All(part => part.IsConstant);
        if (types.Exists(IsDecimal)) return IsSafeWithDecimals(node, types);
        // ClickHouse keeps a DateTime64 as a Decimal, and can't compare it with every number.
        if (Comparisons.Contains(name) && types.Exists(IsMoment))
            return node.Parts.All(part => part.IsConstant || IsMoment(Bare(part.Type)));
        if (Comparisons.Contains(name))
            return node.Parts.All(part => part.IsConstant || IsText(part.Type))
                || !node.Parts.Any(part => !part.IsConstant && IsText(part.Type));
        if (types.Exists(type => type.StartsWith("DateTime64", StringComparison.Ordinal)) && name is "plus" or "minus")
            return node.Parts.Any(part => part.IsConstant && part.Type.StartsWith("Interval", StringComparison.Ordinal));
        if (name == "intDivOrNull") return types.TrueForAll(type => Whole().IsMatch(type));
        if (WithoutDecimals.Contains(name)) return types.Count(IsArray) == (name is "arraySum" or "arrayAvg" ? 1 : 0);
        if (name is "splitByChar" or "splitByString" or "concatWithSeparator" or "dateDiff") return node.Parts[0].IsConstant;
        if (Moments.Contains(name)) return types.Count > 0 && IsMoment(types[0]) && node.Parts.Skip(1).All(part => part.IsConstant);
        var target = name == "CAST" && node.Parts.Count == 2 ? Bare(node.Type) : Conversion().Match(name).Groups["type"].Value;
        return IsSafeCast(target, types);
    }

    static bool IsSafeWithDecimals(QueryTreeNode node, List<string> types) =>
        node.Name is "toFloat64" or "toFloat32"
        || (node.Name == "CAST" && Bare(node.Type) is "String" or "Float64" or "Float32")
        || (Comparisons.Contains(node.Name) && types.Distinct().Count() == 1)
        || ((WithDecimals.Contains(node.Name) || ToDecimal().IsMatch(node.Name)) && DecimalBound.Of(node) is not null);

    static bool IsSafeCast(string target, List<string> types) => target switch
    {
        "String" => true,
        "Float32" or "Float64" => IsNumber(types[0]),
        _ when ToDecimal().IsMatch($"to{target}") => false,
        _ when Whole().IsMatch(target) => Whole().IsMatch(types[0]) || types[0] == "Bool" || IsMoment(types[0]),
        _ => false,
    };

    static string WhyNot(QueryTreeNode node) => node.Name switch
    {
        "intDiv" or "modulo" => $"which fails where the divisor is 0; write {node.Name}OrNull, and a Nullable type",
        "plus" or "minus" or "multiply" when node.Parts.Any(part => IsDecimal(Bare(part.Type))) =>
            $"whose result may be beyond {node.Type}; widen what goes into it, as in toDecimal128(price, 2) * quantity",
        _ when Whole().IsMatch(Conversion().Match(node.Name).Groups["type"].Value) =>
            $"which fails for some values of {node.Parts[0].Type}; write {node.Name}OrNull, or accurateCastOrNull, and a Nullable type",
        _ => "which may fail for some values, or is not known not to; one record would stop its partition for ever. "
            + "Write a form that gives NULL instead, such as accurateCastOrNull, or leave it to the queries",
    };

    /// <summary>Without what only says how it is kept.</summary>
    public static string Bare(string type) => Wrapper().Match(type) is { Success: true } match ? Bare(match.Groups["inner"].Value) : type;

    static bool IsDecimal(string type) => type.StartsWith("Decimal", StringComparison.Ordinal);

    static bool IsText(string type) => Bare(type) is "String" || Bare(type).StartsWith("FixedString", StringComparison.Ordinal)
        || Bare(type).StartsWith("Enum", StringComparison.Ordinal);

    static bool IsArray(string type) => type.StartsWith("Array(", StringComparison.Ordinal);

    static bool IsNumber(string type) => Whole().IsMatch(type) || type is "Bool" or "Float32" or "Float64" or "BFloat16" || IsDecimal(type);

    static bool IsMoment(string type) => type.StartsWith("Date", StringComparison.Ordinal);

    [GeneratedRegex(@"^to(?:Int|UInt|Float|Decimal|Date|DateTime|BFloat)\d*(?:OrNull|OrZero)\z|^(?:isNot)?(?:Null|DistinctFrom)\z")]
    private static partial Regex OrNull();

    [GeneratedRegex(@"^(?:Nullable|LowCardinality)\((?<inner>.*)\)\z")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^to(?<type>(?:Int|UInt|Float)\d+|Bool)\z")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^toDecimal(?:32|64|128|256)\z")]
    private static partial Regex ToDecimal();

    [GeneratedRegex(@"^U?Int\d+\z")]
    private static partial Regex Whole();
}
