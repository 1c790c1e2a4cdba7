using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Millrace.Cli.Documents;

/// <summary>One particular process: its pid and when it began, so that a pid given to another process later is not mistaken for it. Immutable.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">Field 22 of /proc/PID/stat: clock ticks from boot to the process's start.</param>
sealed record ProcessIdentity(int Pid, long StartTicks)
{
    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId)!;

    /// <summary>null when no such process lives.</summary>
    public static ProcessIdentity? Of(int pid) => ReadStartTicks(pid) is { } ticks ? new(pid, ticks) : null;

    [JsonIgnore]
    public bool IsAlive => ReadStartTicks(Pid) == StartTicks;

    /// <summary>Memory in RAM, in bytes; 0 when the process is gone.</summary>
    [JsonIgnore]
    public long ResidentBytes
    {
        get
        {
            // proc(5): the second field of statm is the resident set, in pages.
            var fields = ReadProcFile(Pid, "statm")?.Split(' ');
            return IsAlive && fields is { Length: > 1 } ? long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;
        }
    }

    /// <summary>The most memory that it ever had in RAM, in bytes; 0 when the process is gone.</summary>
    [JsonIgnore]
    public long PeakBytes
    {
        get
        {
            // proc(5): "VmHWM:     81234 kB".
            const string peak = "VmHWM:";
            var line = ReadProcFile(Pid, "status")?.Split('\n').FirstOrDefault(line => line.StartsWith(peak, StringComparison.Ordinal));
            return line is not null && IsAlive ? 1024 * long.Parse(line[peak.Length..^2], CultureInfo.InvariantCulture) : 0;
        }
    }

    /// <summary>Processor time that it has used, in seconds; 0 when the process is gone.</summary>
    [JsonIgnore]
    public double CpuSeconds
    {
        get
        {
            // proc(5): utime and stime, in clock ticks, of which Linux shows 100 a second whatever it uses itself (USER_HZ).
            const double ticksPerSecond = 100;
            return ReadStat(Pid) is { } fields && StartOf(fields) == StartTicks
                ? fields[(14 - 3)..(16 - 3)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / ticksPerSecond
                : 0;
        }
    }

    /// <summary>SIGKILL, if it is still that process.</summary>
    public void Kill()
    {
        if (!IsAlive) return;
        try
        {
            using var process = Process.GetProcessById(Pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended between the two lines above.
        }
    }

    /// <summary>Waits until the process is gone.</summary>
    /// <returns>false when it still lives after <paramref name="limit"/>.</returns>
    public async Task<bool> GoneWithinAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (IsAlive)
        {
            if (Stopwatch.GetElapsedTime(started) > limit) return false;
            await Task.Delay(20, cancellation);
        }
        return true;
    }

    static long? ReadStartTicks(int pid) => ReadStat(pid) is { } fields ? StartOf(fields) : null;

    static long StartOf(string[] fields) => long.Parse(fields[22 - 3], CultureInfo.InvariantCulture);

    /// <returns>The fields of /proc/PID/stat from the third on; null when no such process lives.</returns>
    static string[]? ReadStat(int pid)
    {
        // proc(5): the name, field 2, is in parentheses and may hold spaces; what follows the last ')' starts with field 3, the state.
        var stat = ReadProcFile(pid, "stat");
        var fields = stat?[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // Z: dead already, only not yet reaped by its parent.
        return fields is null or ["Z", ..] ? null : fields;
    }

    static string? ReadProcFile(int pid, string name)
    {
        try { return File.ReadAllText($"/proc/{pid}/{name}"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }
}
