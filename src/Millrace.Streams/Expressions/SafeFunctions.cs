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
        "mapContainsKey", "parseDateTimeBestEffortOrNull", "parseDateTime64BestEffortOrNull",
    ];

    /// <summary>As long as no argument is a Decimal, which they would overflow, or an array.</summary>
    static readonly HashSet<string> OfNumbers =
    [
        "divide", "moduloOrNull", "divideOrNull",
        "sign", "sqrt", "cbrt", "exp", "exp2", "exp10", "log", "log2", "log10", "pow", "power",
        "sin", "cos", "tan", "asin", "acos", "atan", "bitAnd", "bitOr", "bitXor", "bitNot", "greatest", "least",
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

    /// <summary>Also of Decimals, as long as the result fits.</summary>
    static readonly HashSet<string> Arithmetic = ["plus", "minus", "multiply", "negate", "abs"];

    static readonly HashSet<string> Comparisons =
        ["equals", "notEquals", "less", "greater", "lessOrEquals", "greaterOrEquals", "nullIf", "isDistinctFrom", "isNotDistinctFrom"];

    /// <summary>Of values that may be of any type, as the fields of a column of type JSON.</summary>
    static readonly HashSet<string> OfAnyType =
        ["isNull", "isNotNull", "toTypeName", "toString", "dynamicType", "dynamicElement", "JSONAllPaths"];

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
        var name = node.Name;
        var types = node.Parts.Select(part => Bare(part.Type)).ToList();
        if (name is "accurateCastOrNull" or "accurateCastOrDefault") return SafeCasts.NeverThrows(Bare(node.Type), types[0]);
        if (node.Parts.Any(part => AnyType().IsMatch(part.Type)))
            return OfAnyType.Contains(name) || (name == "CAST" && Bare(node.Type) == "String" && !MayBeNull(node.Parts[0].Type));
        // Several arrays must be of one length, which records need not keep to.
        if (name.StartsWith("array", StringComparison.Ordinal) && name is not ("array" or "arrayConcat") && types.Count(IsArray) > 1)
            return false;
        if (Always.Contains(name) || OrNull().IsMatch(name)) return true;
        if (WithConstants.Contains(name)) return node.Parts.Skip(1).All(part => part.IsConstant);
        if (Comparisons.Contains(name)) return IsSafeComparison(node, types);
        if (Arithmetic.Contains(name)) return IsSafeArithmetic(node, types);
        if (OfNumbers.Contains(name)) return !types.Exists(IsDecimal) && !types.Exists(IsArray);
        if (Moments.Contains(name)) return types.Count > 0 && IsMoment(types[0]) && node.Parts.Skip(1).All(part => part.IsConstant);
        return name switch
        {
            "intDivOrNull" => types.TrueForAll(type => Whole().IsMatch(type)),
            "arraySum" or "arrayAvg" => types is [.., var array] && IsArray(array) && !array.Contains("Decimal", StringComparison.Ordinal),
            "splitByChar" or "splitByString" or "concatWithSeparator" or "dateDiff" => node.Parts[0].IsConstant,
            "CAST" => (MayBeNull(node.Type) || !MayBeNull(node.Parts[0].Type)) && SafeCasts.IsSafe(Bare(node.Type), types[0]),
            _ when ToDecimal().IsMatch(name) => DecimalBound.Of(node) is not null,
            _ => SafeCasts.IsSafe(Conversion().Match(name).Groups["type"].Value, types.FirstOrDefault("")),
        };
    }

    static bool IsSafeComparison(QueryTreeNode node, List<string> types)
    {
        if (types.Distinct().Count() == 1) return true;
        if (types.Exists(type => type.Contains("Decimal", StringComparison.Ordinal))) return DecimalBound.Of(node) is not null;
        // ClickHouse keeps a DateTime64 as a Decimal, and can't compare it with every number.
        if (types.Exists(IsMoment)) return node.Parts.All(part => part.IsConstant || IsMoment(Bare(part.Type)));
        return node.Parts.All(part => part.IsConstant || IsText(part.Type))
            || !node.Parts.Any(part => !part.IsConstant && IsText(part.Type));
    }

    static bool IsSafeArithmetic(QueryTreeNode node, List<string> types)
    {
        if (types.Exists(IsDecimal)) return DecimalBound.Of(node) is not null;
        if (types.Exists(type => type.StartsWith("DateTime64", StringComparison.Ordinal)) && node.Name is "plus" or "minus")
            return node.Parts.Any(part => part.IsConstant && part.Type.StartsWith("Interval", StringComparison.Ordinal));
        return !types.Exists(IsArray);
    }

    static string WhyNot(QueryTreeNode node) => node.Name switch
    {
        "intDiv" or "modulo" => $"which fails where the divisor is 0; write {node.Name}OrNull, and a Nullable type",
        "plus" or "minus" or "multiply" when node.Parts.Any(part => IsDecimal(Bare(part.Type))) =>
            $"whose result may be beyond {node.Type}; widen what goes into it, as in toDecimal128(price, 2) * quantity",
        _ when Whole().IsMatch(Conversion().Match(node.Name).Groups["type"].Value) =>
            $"which fails for some values of {node.Parts[0].Type}; write {node.Name}OrNull, or accurateCastOrNull, and a Nullable type",
        _ when node.Parts.Any(part => AnyType().IsMatch(part.Type)) =>
            "which fails for some types that a field of JSON may have; write a type behind the field, as in place.zip.:String",
        "CAST" when MayBeNull(node.Parts[0].Type) && !MayBeNull(node.Type) =>
            $"which fails where its value is NULL; write Nullable({node.Type}), or ifNull(...) around the value",
        _ => "which may fail for some values, or is not known not to; one record would stop its partition for ever. "
            + "Write a form that gives NULL instead, such as accurateCastOrNull, or leave it to the queries",
    };

    /// <summary>Without what only says how it is kept.</summary>
    public static string Bare(string type) => Wrapper().Match(type) is { Success: true } match ? Bare(match.Groups["inner"].Value) : type;

    public static bool IsDecimal(string type) => type.StartsWith("Decimal", StringComparison.Ordinal);

    static bool IsText(string type) => Bare(type) is "String" || Bare(type).StartsWith("FixedString", StringComparison.Ordinal)
        || Bare(type).StartsWith("Enum", StringComparison.Ordinal);

    static bool IsArray(string type) => type.StartsWith("Array(", StringComparison.Ordinal);

    static bool MayBeNull(string type) =>
        type.StartsWith("Nullable(", StringComparison.Ordinal) || type.StartsWith("LowCardinality(Nullable(", StringComparison.Ordinal);

    public static bool IsMoment(string type) => type.StartsWith("Date", StringComparison.Ordinal);

    [GeneratedRegex(@"^to(?:Int|UInt|Float|Decimal|Date|DateTime|BFloat)\d*(?:OrNull|OrZero)\z")]
    private static partial Regex OrNull();

    [GeneratedRegex(@"^(?:Nullable|LowCardinality)\((?<inner>.*)\)\z")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^to(?<type>(?:Int|UInt|Float)\d+|Bool)\z")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^toDecimal(?:32|64|128|256)\z")]
    private static partial Regex ToDecimal();

    /// <summary>Of a value, or of one within it, that may be of several types.</summary>
    [GeneratedRegex(@"(?:^|[( ])(?:Dynamic|Variant|JSON)(?:[(),]|\z)")]
    private static partial Regex AnyType();

    [GeneratedRegex(@"^U?Int\d+\z")]
    public static partial Regex Whole();
}
