namespace Millrace.Cli;

/// <summary>Keeps the password of a ClickHouse URL where no command line, state file or log shows it: in the environment of this process and of those it starts.</summary>
static class ClickHousePassword
{
    /// <summary>Environment variable with the password of our own ClickHouse's user <c>default</c>, sent to every ClickHouse for which no other is given.</summary>
    public const string DefaultVariable = "MILLRACE_CLICKHOUSE_PASSWORD";

    /// <summary>Environment variable from us to the processes we start.</summary>
    const string OfUrlVariable = "MILLRACE_CLICKHOUSE_URL_PASSWORD";

    const string Option = "--clickhouse=";

    public static string Default => Environment.GetEnvironmentVariable(DefaultVariable) ?? "";

    /// <summary>Our own ClickHouse asks for a password.</summary>
    public static bool IsSet => Default.Length > 0;

    /// <summary>The password that stood in the URL of <c>--clickhouse</c>; null when none did.</summary>
    public static string? OfUrl => Environment.GetEnvironmentVariable(OfUrlVariable);

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
        var start = argument.StartsWith(Option, StringComparison.Ordinal) ? Option.Length : 0;
        return Uri.TryCreate(argument[start..], UriKind.Absolute, out var url) && url.UserInfo.Contains(':', StringComparison.Ordinal) ? argument[..start] + TakeFrom(url) : argument;
    }
}
