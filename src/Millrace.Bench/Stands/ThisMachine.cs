using System.Globalization;
using System.Runtime.InteropServices;
using Millrace.Bench.Results;

namespace Millrace.Bench.Stands;

/// <summary>What it runs on, from /proc.</summary>
public static class ThisMachine
{
    public static MachineFacts Facts() => new(
        Field("/proc/cpuinfo", "model name"), Environment.ProcessorCount, Memory(), Line("/proc/sys/kernel/osrelease"),
        RuntimeInformation.OSDescription);

    /// <summary>proc(5): "MemTotal:       16384000 kB".</summary>
    static long? Memory() =>
        Field("/proc/meminfo", "MemTotal") is { } total
            && long.TryParse(total.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : null;

    static string? Line(string file) => Lines(file) is [var first, ..] ? first.Trim() : null;

    /// <summary>What follows the colon; of a machine with many cores, of the first.</summary>
    static string? Field(string file, string name) =>
        Lines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : null;

    static string[] Lines(string file)
    {
        try { return File.ReadAllLines(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }
    }
}
