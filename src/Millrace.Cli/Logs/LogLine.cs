using System.Globalization;

namespace Millrace.Cli.Logs;

/// <summary>One line of a service's log, as <c>logs</c> answers it. Its JSON is in docs/CLI-OUTPUT.md: keep the two in step. Immutable.</summary>
sealed record LogLine(string Service, DateTimeOffset Time, string Line)
{
    /// <summary>A line without a time of its own (the rest of a torn one) gets <paramref name="fallback"/>'s.</summary>
    public static LogLine Parse(string service, string text, DateTimeOffset fallback)
    {
        var space = text.IndexOf(' ');
        return space > 0 && DateTimeOffset.TryParse(text.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new LogLine(service, time, text[(space + 1)..])
            : new LogLine(service, fallback, text);
    }
}
