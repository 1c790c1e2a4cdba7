using Millrace.Testing;

namespace Millrace.EndToEnd.Compose;

/// <summary>docker-compose.yml brought up. Each test leaves the stand as it likes: the next one brings up what it needs.</summary>
public sealed class ComposeStandTests(ComposeStand stand) : IClassFixture<ComposeStand>
{
    static readonly string[] Tables = ["clicks_table", "views_table", "orders_table"];

    [ContainerFact]
    public async Task With_our_own_host_standing_in_for_ClickHouse_server_rows_arrive_in_all_three_tables_and_the_tools_people_know_work()
    {
        await stand.UpAsync();
        foreach (var table in Tables) await ComposeStand.MoreThanAsync(table, 0);
        var topics = (await ComposeStand.ExecAsync("kafka", "bash", "-c", "kafka-topics.sh --bootstrap-server localhost:9092 --describe")).Expect(0).Output;
        Assert.All(["user_clicks", "page_views", "orders"], topic => Assert.Contains($"Topic: {topic}", topics, StringComparison.Ordinal));
        const string describe = "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group clickhouse_router_group";
        var group = (await ComposeStand.ExecAsync("kafka", "bash", "-c", describe)).Expect(0).Output;
        Assert.Contains("page_views", group, StringComparison.Ordinal);
        const string past = "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /api/past?minutes=5 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
        var page = (await ComposeStand.ExecAsync("page", "bash", "-c", past)).Expect(0);
        Assert.Contains("rows_per_second", page.Output, StringComparison.Ordinal);
        Assert.Contains("/s acknowledged", (await ComposeStand.ComposeAsync("logs", "event-emitter")).Expect(0).Output, StringComparison.Ordinal);
    }

    [ContainerFact]
    public async Task With_our_own_host_standing_in_for_ClickHouse_server_a_crash_of_each_container_under_load_loses_and_doubles_nothing()
    {
        await stand.UpAsync();
        foreach (var service in (string[])["clickhouse-server", "kafka", "event-emitter"])
        {
            var before = await ComposeStand.MoreThanAsync("views_table", 0);
            await ComposeStand.CrashAsync(service);
            await ComposeStand.MoreThanAsync("views_table", before);
        }
        var totals = await Eventually.Gives(
            ComposeStand.TotalsAsync, totals => totals.NotYetRead < 5_000, "ClickHouse keeps up again", TimeSpan.FromMinutes(2));
        Assert.Equal((0, 0L, 0L), (totals.ExitCode, totals.Missing, totals.StoredTwice));
    }

    [ContainerFact]
    public async Task With_our_own_host_standing_in_for_ClickHouse_server_down_keeps_the_data_and_down_v_leaves_nothing()
    {
        await stand.UpAsync();
        var before = await ComposeStand.MoreThanAsync("orders_table", 0);
        (await ComposeStand.ComposeAsync("down")).Expect(0);
        await stand.UpAsync();
        Assert.True(await ComposeStand.CountAsync("orders_table") >= before);
        await ComposeStand.MoreThanAsync("orders_table", before);
        Assert.Equal(0, (await ComposeStand.TotalsAsync()).ExitCode);

        (await ComposeStand.ComposeAsync("down", "-v")).Expect(0);
        foreach (var kind in (string[])["container", "volume", "network"])
            Assert.Equal("", (await ComposeStand.DockerAsync(kind, "ls", "-q", "--filter", "name=millrace-compose-test")).Expect(0).Output);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Repository.Root), path => Path.GetFileName(path) is "data" or "kafka-data" or "clickhouse-data");
    }
}
