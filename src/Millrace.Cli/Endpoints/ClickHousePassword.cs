using System.Text.RegularExpressions;
using Millrace.Secrets;

namespace Millrace.Cli.Endpoints;

/// <summary>
/// Keeps the password of a ClickHouse URL where no command line, state file or log shows it: in the environment of this process and of
/// those it starts.
/// </summary>
static partial class ClickHousePassword
{
    /// <summary>
    /// Environment variable with the password of our own ClickHouse's user <c>default</c>, sent to every ClickHouse for which no other is
    /// given.
    /// </summary>
    public const string DefaultVariable = "MILLRACE_CLICKHOUSE_PASSWORD";

    /// <summary>Environment variable from us to the processes we start.</summary>
    const string OfUrlVariable = "MILLRACE_CLICKHOUSE_URL_PASSWORD";

    /// <summary>How System.CommandLine lets an option and its value be one word.</summary>
    static readonly string[] OptionForms = ["--clickhouse=", "--clickhouse:"];

    public static Secret Default => Environment.GetEnvironmentVariable(DefaultVariable) ?? "";

    /// <summary>Our own ClickHouse asks for a password.</summary>
    public static bool IsSet => !Default.IsEmpty;

    /// <summary>The password that stood in the URL of <c>--clickhouse</c>; null when none did.</summary>
    public static Secret? OfUrl => Environment.GetEnvironmentVariable(OfUrlVariable) is { } password ? new Secret(password) : null;

    /// <summary>Takes the password out of a URL: from now on it is <see cref="OfUrl"/>.</summary>
    public static Uri TakeFrom(Uri url)
    {
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return url;
        Environment.SetEnvironmentVariable(OfUrlVariable, Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]));
        return new UriBuilder(url) { Password = "" }.Uri;
    }

    /// <summary>An argument of our own command line as another process may be given it.</summary>
    public static string TakeFrom(string argument)
    {
        var start = OptionForms.FirstOrDefault(form => argument.StartsWith(form, StringComparison.Ordinal))?.Length ?? 0;
        var hasPassword = Uri.TryCreate(argument[start..], UriKind.Absolute, out var url)
            && url.UserInfo.Contains(':', StringComparison.Ordinal);
        return hasPassword ? argument[..start] + TakeFrom(url!) : argument;
    }

    /// <summary>A word of a command line as an error may repeat it, also where it is no URL that can be read.</summary>
    public static string Hide(string word) => InQuery().Replace(BeforeHost().Replace(word, "$1***@"), "$1***");

    [GeneratedRegex("(://[^/@:]*:).*@", RegexOptions.Singleline)]
    private static partial Regex BeforeHost();

    [GeneratedRegex("([?&]password=)[^&]*")]
    private static partial Regex InQuery();
}
