using System.Globalization;

namespace Millrace.Cli.Basics;

/// <summary>Numbers as people read them.</summary>
static class Humanize
{
    /// <summary>"1.2 GB": powers of 1000.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < units.Length - 1; unit++) value /= 1000;
        var format = unit > 0 && value < 10 ? "0.0" : "0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>"4 s", "3 min", "2 h 5 min", "3 d 1 h".</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 60 } => $"{(int)duration.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)duration.TotalMinutes} min",
        { TotalHours: < 24 } => $"{(int)duration.TotalHours} h {duration.Minutes} min",
        _ => $"{duration.Days} d {duration.Hours} h",
    };

    /// <summary>With thousands separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
