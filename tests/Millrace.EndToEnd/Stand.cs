using System.Globalization;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>A stand of its own: data directory, free ports, real processes. Taken down, with its data, at the end.</summary>
public sealed class Stand : IAsyncDisposable
{
    static readonly string[] FreePorts = ["--kafka-port", "0", "--clickhouse-port", "0", "--page-port", "0"];

    readonly TemporaryDirectory _directory = new();

    public string Data => _directory.Sub("data");

    internal Task<CommandResult> RunAsync(params string[] arguments) => Launcher.RunAsync(Data, arguments);

    internal Task<CommandResult> RunWithInputAsync(string input, params string[] arguments) => Launcher.RunAsync(Data, arguments, input);

    internal Task<JsonElement> UpAsync(params string[] options) => UpOnAsync(FreePorts, options);

    /// <param name="ports">The options for the ports of its own servers.</param>
    internal async Task<JsonElement> UpOnAsync(string[] ports, params string[] options) =>
        (await RunAsync(["up", "-d", "--output", "json", .. ports, .. options])).Expect(0).Json;

    /// <summary>The answer of a query, in TabSeparated.</summary>
    internal async Task<string> QueryAsync(string query) => (await RunAsync("sql", query)).Expect(0).Output.TrimEnd('\n');

    internal async Task<long> CountAsync(string table) => long.Parse(await QueryAsync($"SELECT count() FROM {table}"), CultureInfo.InvariantCulture);

    /// <summary>A service as <c>ps</c> tells it.</summary>
    internal async Task<JsonElement> ServiceAsync(string name) =>
        (await RunAsync("ps", "--output", "json")).Expect(0).Json.GetProperty("services").EnumerateArray()
            .Single(service => service.GetProperty("name").GetString() == name);

    internal async Task<string> StateOfAsync(string name) => (await ServiceAsync(name)).GetProperty("state").GetString()!;

    /// <summary>kill -9, as soon as there is a process to kill.</summary>
    internal async Task KillAsync(string service)
    {
        var running = await Eventually.Gives(
            () => ServiceAsync(service), status => status.GetProperty("pid").ValueKind == JsonValueKind.Number, $"{service} has a process");
        await Launcher.SignalAsync(running.GetProperty("pid").GetInt32(), "KILL");
    }

    internal Task RunningAsync(string service) =>
        Eventually.Holds(async () => await StateOfAsync(service) == "running", $"{service} runs", TimeSpan.FromMinutes(2));

    /// <summary>The sum of a field over all partitions, once ClickHouse has read everything there is.</summary>
    internal async Task<StandTotals> SettledAsync(Func<StandTotals, bool>? wanted = null) =>
        await Eventually.Gives(
            TotalsAsync, totals => totals.NotYetRead == 0 && (wanted?.Invoke(totals) ?? true), "all records are read",
            TimeSpan.FromMinutes(3));

    internal async Task<StandTotals> TotalsAsync()
    {
        var audit = await RunAsync("audit", "--output", "json");
        return StandTotals.Of(audit.ExitCode, audit.Json);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", "-v");
        _directory.Dispose();
    }
}

/// <summary>The audit of a stand, summed up. Immutable.</summary>
sealed record StandTotals(int ExitCode, long Records, long Rows, long DeadLetters, long Missing, long StoredTwice, long NotYetRead)
{
    public static StandTotals Of(int exitCode, JsonElement audit)
    {
        var partitions = audit.GetProperty("topics").EnumerateArray().SelectMany(topic => topic.GetProperty("partitions").EnumerateArray()).ToList();
        return new StandTotals(exitCode, Sum("records"), Sum("rows"), Sum("dead_letters"), Sum("missing"), Sum("stored_twice"), Sum("not_yet_read"));
        long Sum(string field) => partitions.Sum(partition => partition.GetProperty(field).GetInt64());
    }
}
