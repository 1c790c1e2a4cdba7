namespace Millrace.Cli;

/// <summary>Keeps the password of ClickHouse where no command line, state file or log shows it: in the environment of this process and of those it starts.</summary>
static class ClickHousePassword
{
    /// <summary>
    /// Environment variable with the password: of our own ClickHouse's user <c>default</c>, and for every ClickHouse in whose URL there is none.
    /// </summary>
    public const string Variable = "MILLRACE_CLICKHOUSE_PASSWORD";

    const string Option = "--clickhouse=";

    public static string Current => Environment.GetEnvironmentVariable(Variable) ?? "";

    /// <summary>Takes the password out of a URL and remembers it.</summary>
    public static Uri TakeFrom(Uri url)
    {
        var colon = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return url;
        Environment.SetEnvironmentVariable(Variable, Uri.UnescapeDataString(url.UserInfo[(colon + 1)..]));
        return new UriBuilder(url) { Password = "" }.Uri;
    }

    /// <summary>An argument of our own command line as another process may be given it.</summary>
    public static string TakeFrom(string argument)
    {
        var start = argument.StartsWith(Option, StringComparison.Ordinal) ? Option.Length : 0;
        return Uri.TryCreate(argument[start..], UriKind.Absolute, out var url) && url.UserInfo.Length > 0 ? argument[..start] + TakeFrom(url) : argument;
    }
}
