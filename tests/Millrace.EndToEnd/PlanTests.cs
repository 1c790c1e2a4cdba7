using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Edits that cost something, on a stand that runs.</summary>
public sealed class PlanTests : IDisposable
{
    readonly TemporaryDirectory _streams = Repository.StreamsToEdit();

    [Fact]
    public async Task A_plan_says_what_each_step_costs_and_apply_loses_only_what_is_allowed_by_name()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "2000", "--streams", _streams.Path);
        await Eventually.Holds(async () => await stand.CountAsync("orders_table") > 1000, "orders arrive", TimeSpan.FromMinutes(2));
        Assert.Contains("Nothing to do", (await stand.RunAsync("plan")).Expect(0).Error, StringComparison.Ordinal);
        Edit("order_by: [user_id, event_time]", "order_by: [event_time, user_id]");
        Edit("  - { name: amount,", "  - { name: total, was: amount,");
        Remove("currency");

        var plan = (await stand.RunAsync("plan")).Expect(2);
        Assert.Contains("~ orders_table is sorted by (user_id, event_time), not by (event_time, user_id)", plan.Output,
            StringComparison.Ordinal);
        Assert.Contains("LOSES DATA, needs --allow drop-column:orders.currency", plan.Output, StringComparison.Ordinal);
        Assert.Contains("EXCHANGE TABLES", (await stand.RunAsync("plan", "-o", "sql")).Expect(2).Output, StringComparison.Ordinal);
        var operations = (await stand.RunAsync("plan", "-o", "json")).Expect(2).Json.GetProperty("operations").EnumerateArray().ToList();
        Assert.Contains(operations, operation => operation.GetProperty("kind").GetString() == "rebuild_table");
        Assert.Contains(operations, operation => operation.GetProperty("needs").GetString() == "drop-column:orders.currency");

        var refused = (await stand.RunAsync("apply", "--yes")).Expect(4);
        Assert.Contains("--allow drop-column:orders.currency", refused.Error, StringComparison.Ordinal);
        var misspelt = (await stand.RunAsync("apply", "--yes", "--allow", "drop-column:orders.curency")).Expect(2);
        Assert.Contains("it needs drop-column:orders.currency", misspelt.Error, StringComparison.Ordinal);
        Assert.Equal("1", await stand.QueryAsync("SELECT count() FROM system.columns WHERE table = 'orders_table' AND name = 'currency'"));

        (await stand.RunAsync("apply", "--yes", "--allow", "drop-column:orders.currency")).Expect(0);
        Assert.Equal(
            "event_time, user_id",
            await stand.QueryAsync("SELECT sorting_key FROM system.tables WHERE name = 'orders_table' AND database = currentDatabase()"));
        var before = await stand.CountAsync("orders_table WHERE total > 0");
        Assert.True(before > 1000, $"{before} rows have their amount under its new name");
        await Eventually.Holds(
            async () => await stand.CountAsync("orders_table WHERE total > 0") > before + 1000, "orders arrive", TimeSpan.FromMinutes(2));
        var totals = await stand.TotalsAsync();
        Assert.Equal((0, 0, 0, 0), (totals.ExitCode, totals.DeadLetters, totals.Missing, totals.StoredTwice));
        (await stand.RunAsync("plan")).Expect(0);
    }

    public void Dispose() => _streams.Dispose();

    string Orders => _streams.Sub("orders.yaml");

    void Edit(string before, string after)
    {
        var text = File.ReadAllText(Orders);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(Orders, text.Replace(before, after, StringComparison.Ordinal));
    }

    void Remove(string column) =>
        File.WriteAllLines(Orders, File.ReadAllLines(Orders).Where(line => !line.Contains($"name: {column},", StringComparison.Ordinal)));
}
