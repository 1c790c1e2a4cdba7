using System.Globalization;

namespace Millrace.Cli.CommandLine;

/// <summary>Lengths of time as commands take them: 90s, 15m, 2h or 7d.</summary>
static class DurationText
{
    /// <returns>null where the text is no such length, or one of a million units or more.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || !uint.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count >= 1_000_000)
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
