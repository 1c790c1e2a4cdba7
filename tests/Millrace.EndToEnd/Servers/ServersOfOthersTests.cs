using Millrace.Testing;

namespace Millrace.EndToEnd.Servers;

/// <summary>Servers that somebody else runs, named in a profile: Apache Kafka behind passwords, with the embedded ClickHouse.</summary>
public sealed class ServersOfOthersTests(SecuredKafka kafka) : IClassFixture<SecuredKafka>
{
    const int Events = 20_000;

    /// <summary>For commands that need both servers and don't get past Kafka.</summary>
    static readonly string[] SomeClickHouse = ["--clickhouse", "http://127.0.0.1:1/"];

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task On_Apache_Kafka_with_passwords_every_event_becomes_one_row_and_the_audit_says_so()
    {
        await using var stand = new Stand();
        var profile = kafka.Profile("admin", "it's secret");
        var up = await stand.UpOnAsync(["--clickhouse-port", "0", "--page-port", "0"], "--profile", profile, "--rate", "0", "--events", $"{Events}");
        Assert.DoesNotContain("broker", up.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("name").GetString()));
        var totals = await stand.SettledAsync(totals => totals.Rows == Events);
        Assert.Equal((0, Events, 0L, 0L, 0L), (totals.ExitCode, totals.Records, totals.DeadLetters, totals.Missing, totals.StoredTwice));

        var group = (await stand.RunAsync("groups", "--output", "json")).Expect(0).Json.EnumerateArray().Single();
        Assert.Equal(("clickhouse_router_group", 0), (group.GetProperty("group_id").GetString(), group.GetProperty("lag").GetInt32()));
        Assert.Equal(3, (await stand.RunAsync("topics", "--output", "json")).Expect(0).Json.GetArrayLength());
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_wrong_password_for_Kafka_is_told_in_one_sentence_by_every_command_that_asks_it()
    {
        await using var stand = new Stand();
        var profile = kafka.Profile("admin", "wrong");
        foreach (var command in (string[][])[["topics"], ["groups"], ["audit", .. SomeClickHouse], ["run", "setup", .. SomeClickHouse]])
        {
            var refused = (await stand.RunAsync([.. command, "--profile", profile])).Expect(3);
            Assert.Contains("does not let the user in", refused.Error, StringComparison.Ordinal);
            Assert.Contains("sasl.password", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
        }
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_right_that_is_missing_in_Kafka_is_named_in_one_sentence()
    {
        await using var stand = new Stand();
        var refused = (await stand.RunAsync(["run", "setup", .. SomeClickHouse, "--profile", kafka.Profile("guest", "guest")])).Expect(3);
        Assert.Contains("does not let the user do CreateTopics", refused.Error, StringComparison.Ordinal);
        Assert.Contains("kafka-acls.sh", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task A_property_that_librdkafka_does_not_know_is_told_in_one_sentence()
    {
        await using var stand = new Stand();
        var profile = kafka.Profile("admin", "it's secret", "    sasl.pasword: typo");
        Assert.Contains("sasl.pasword", (await stand.RunAsync("topics", "--profile", profile)).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_database_of_ClickHouse_are_told_in_one_sentence()
    {
        await using var stand = new Stand();
        var clickHouse = (await stand.UpAsync("--events", "1")).GetProperty("clickhouse").GetString()!;
        foreach (var command in (string[][])[["audit"], ["ddl"], ["run", "setup"], ["sql", "SELECT 1"]])
        {
            var wrong = clickHouse.Replace("//", "//default:wrong@", StringComparison.Ordinal);
            var refused = (await stand.RunAsync([.. command, "--clickhouse", wrong])).Expect(3);
            Assert.Contains("does not let user default in: give the right user and password", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
        }
        await using var other = new Stand();
        (string Url, string Reason)[] refusals =
        [
            (clickHouse.Replace("//", "//nobody:x@", StringComparison.Ordinal), "does not let user nobody in"),
            ($"{clickHouse}nowhere", "has no database nowhere"),
        ];
        foreach (var (url, reason) in refusals)
        {
            var refused = (await other.RunAsync("up", "-d", "--kafka-port", "0", "--page-port", "0", "--clickhouse", url)).Expect(3);
            Assert.Contains(reason, Assert.Single(refused.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }
        var absent = (await stand.RunAsync("audit", "--clickhouse", $"{clickHouse}nowhere")).Expect(3);
        Assert.Contains("has no database nowhere", absent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_or_wrong_is_told_with_its_place()
    {
        await using var stand = new Stand();
        var refused = (await stand.RunAsync("topics", "--profile", "/nowhere.yaml")).Expect(2);
        Assert.Contains("the profile /nowhere.yaml can't be read", refused.Error, StringComparison.Ordinal);
    }
}
