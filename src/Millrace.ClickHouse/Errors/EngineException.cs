using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.ClickHouse.Errors;

/// <summary>
/// A query failed. <see cref="Exception.Message"/> is ClickHouse's own text, "Code: 62. DB::Exception: ... (SYNTAX_ERROR)",
/// without the version.
/// </summary>
public sealed partial class EngineException : Exception
{
    /// <param name="text">The engine's text; one without a code gets UNKNOWN_EXCEPTION.</param>
    public EngineException(string text) : base(Normalize(text)) => Code = ParseCode(Message);

    public EngineException(int code, string name, string what) : base($"Code: {code}. DB::Exception: {what} ({name})") => Code = code;

    /// <summary>A number of ClickHouse's src/Common/ErrorCodes.cpp.</summary>
    public int Code { get; }

    /// <summary>The message between its code and its name.</summary>
    public string What =>
        NameAtEnd().Replace(CodePrefix().Replace(Message, "").Replace("DB::Exception: ", "", StringComparison.Ordinal), "");

    /// <summary>Of the error, such as SYNTAX_ERROR; "UNKNOWN" where the text ends without one.</summary>
    public string Name => NameAtEnd().Match(Message) is { Success: true } name ? name.Value[2..^1] : "UNKNOWN";

    static int ParseCode(string text) =>
        CodePrefix().Match(text) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : ErrorCodes.UnknownException;

    // Some errors arrive wrapped in themselves: "Code: 73. DB::Exception: Code: 73. DB::Exception: X. (N) (version V). (N) (version V)".
    static string Normalize(string text)
    {
        var trimmed = text.TrimEnd();
        if (!CodePrefix().IsMatch(trimmed)) return $"Code: {ErrorCodes.UnknownException}. DB::Exception: {trimmed} (UNKNOWN_EXCEPTION)";
        return RepeatedSuffix().Replace(RepeatedPrefix().Replace(trimmed, "$1"), "$1");
    }

    [GeneratedRegex(@"^Code: (\d+)\. ")]
    private static partial Regex CodePrefix();

    [GeneratedRegex(@" \([A-Z0-9_]+\)$")]
    private static partial Regex NameAtEnd();

    [GeneratedRegex(@"^(Code: \d+\. DB::Exception: )\1+")]
    private static partial Regex RepeatedPrefix();

    [GeneratedRegex(@"( \((?<name>[A-Z0-9_]+)\))(?: \(version [^)]*\))?(?:\. \(\k<name>\)(?: \(version [^)]*\))?)*$")]
    private static partial Regex RepeatedSuffix();
}
