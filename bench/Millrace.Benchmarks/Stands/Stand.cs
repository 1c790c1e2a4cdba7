using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Millrace.Benchmarks.Processes;

namespace Millrace.Benchmarks.Stands;

/// <summary>A whole stand in a data directory of its own, driven as a user drives it: by <c>./millrace</c> and over HTTP.</summary>
/// <param name="checkout">Folder of the checkout whose launcher it is.</param>
sealed class Stand(string checkout) : IAsyncDisposable
{
    public static readonly string[] Tables = ["clicks_table", "views_table", "orders_table"];

    readonly HttpClient _http = new();

    readonly string _directory = Directory.CreateTempSubdirectory("millrace-bench-").FullName;

    public int KafkaPort { get; } = ServerProcess.FreePort();

    public int ClickHousePort { get; } = ServerProcess.FreePort();

    string Url => $"http://127.0.0.1:{ClickHousePort}/";

    public Task UpAsync(params string[] options) =>
        MillraceAsync(["up", "--detach", "--kafka-port", $"{KafkaPort}", "--clickhouse-port", $"{ClickHousePort}", .. options]);

    public Task DownAsync() => MillraceAsync("down");

    /// <summary>Runs <c>./millrace</c> to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message is what it said.</exception>
    public Task<string> MillraceAsync(params string[] arguments) => MillraceOfAsync(checkout, arguments);

    /// <summary>The same with the launcher of another checkout, on this stand.</summary>
    /// <inheritdoc cref="MillraceAsync"/>
    public async Task<string> MillraceOfAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"millrace {string.Join(' ', arguments)}: {error}");
    }

    /// <summary>Starts a command that stays; its caller ends it.</summary>
    public Process Start(params string[] arguments) => Start(checkout, arguments);

    Process Start(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.LauncherOf(folder)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["MILLRACE_DATA"] = _directory;
        return Process.Start(start)!;
    }

    public async Task<string> QueryAsync(string sql)
    {
        using var answer = await _http.PostAsync(Url, new StringContent(sql));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text.Trim() : throw new InvalidOperationException(text);
    }

    /// <summary>Rows of the three tables together.</summary>
    public async Task<long> RowsAsync() => long.Parse(
        await QueryAsync($"SELECT {string.Join(" + ", Tables.Select(t => $"(SELECT count() FROM {t})"))}"), CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether each of the three tables holds the row of a record produced since; false too while there is no server or no table yet.
    /// </summary>
    public async Task<bool> HasRowsEverywhereAsync(DateTimeOffset since)
    {
        var isNew = $"kafka_timestamp >= fromUnixTimestamp64Milli({since.ToUnixTimeMilliseconds()})";
        try
        {
            var each = Tables.Select(table => $"(SELECT count() FROM {table} WHERE {isNew}) > 0");
            return await QueryAsync($"SELECT {string.Join(" AND ", each)}") == "1";
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Records that the group has not read yet, and records in all, over the three topics.</summary>
    public async Task<(long Lag, long Records)> LagAsync()
    {
        using var groups = JsonDocument.Parse(await MillraceAsync("groups", "--output", "json"));
        var partitions = groups.RootElement.EnumerateArray().SelectMany(group => group.GetProperty("partitions").EnumerateArray()).ToList();
        return (partitions.Sum(p => p.GetProperty("lag").GetInt64()), partitions.Sum(p => p.GetProperty("log_end_offset").GetInt64()));
    }

    /// <summary>
    /// Waits until the group has no member left. A queue table that is detached does not say that it goes: until its session times out,
    /// up to 6 s later, a rebalance waits for it, and a measurement that begins before measures that.
    /// </summary>
    public async Task UntilGroupIsEmptyAsync()
    {
        for (var members = int.MaxValue; members > 0; await Task.Delay(200))
        {
            using var groups = JsonDocument.Parse(await MillraceAsync("groups", "--output", "json"));
            members = groups.RootElement.EnumerateArray().Sum(group => group.GetProperty("members").GetArrayLength());
        }
    }

    /// <summary>Processor time that a service's present process has used.</summary>
    public async Task<TimeSpan> CpuTimeAsync(string service)
    {
        var status = (await ServicesAsync()).Single(s => s.GetProperty("name").GetString() == service);
        return CpuTimeOf(status.GetProperty("pid").GetInt32());
    }

    /// <summary>Processor time that the present process of each service has used, and the supervisor's.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> CpuTimesAsync()
    {
        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_directory, "state.json")));
        var processes = state.RootElement.GetProperty("services").EnumerateArray()
            .Select(service => (Name: service.GetProperty("name").GetString()!, Process: service.GetProperty("process")))
            .Where(service => service.Process.ValueKind == JsonValueKind.Object)
            .Append((Name: "supervisor", Process: state.RootElement.GetProperty("supervisor")));
        return processes.ToDictionary(one => one.Name, one => CpuTimeOf(one.Process.GetProperty("pid").GetInt32()));
    }

    /// <summary>Where the page answers.</summary>
    public async Task<Uri> PageAsync()
    {
        var page = (await ServicesAsync()).Single(s => s.GetProperty("name").GetString() == "page");
        return new Uri(page.GetProperty("endpoint").GetString()!);
    }

    /// <summary>Resident memory of each service, in bytes.</summary>
    public async Task<IReadOnlyList<(string Name, long Bytes)>> MemoryAsync() =>
        [.. (await ServicesAsync()).Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("rss_bytes").GetInt64()))];

    public async ValueTask DisposeAsync()
    {
        await MillraceAsync("down", "--volumes");
        _http.Dispose();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    static TimeSpan CpuTimeOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }

    /// <summary>As <c>ps</c> tells them.</summary>
    async Task<IReadOnlyList<JsonElement>> ServicesAsync()
    {
        using var ps = JsonDocument.Parse(await MillraceAsync("ps", "--output", "json"));
        return [.. ps.RootElement.Clone().GetProperty("services").EnumerateArray()];
    }
}
