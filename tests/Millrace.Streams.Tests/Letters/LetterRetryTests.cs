using Confluent.Kafka;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Explain;
using Millrace.Streams.Letters;
using Millrace.Streams.Setup;
using static Millrace.Streams.Tests.Letters.LetterStand;

namespace Millrace.Streams.Tests.Letters;

/// <summary>The second way into a table: docs/decisions/0018-dead-letters-sent-again.md.</summary>
[Collection(ServersCollection.Name)]
public class LetterRetryTests(ServersFixture servers) : ServersTest(servers)
{
    [Fact]
    public async Task Letters_that_a_mended_definition_lets_pass_become_rows_once_and_a_second_retry_does_nothing()
    {
        using var stand = await CreateAsync(Servers, "retry_mended");
        stand.Produce(0, Event(1), Event(2, "1000"), "poison", Event(3, "\"x\"", ",\"z\":123456789012345678901"), Event(4));
        stand.Produce(1, Event(5, "300"), Event(6, "301"), Event(7, "302"), "[]", Event(8));
        await stand.HoldsAsync(rows: 3, letters: 7);
        await stand.IsCommittedAsync((0, 5), (1, 5));

        Assert.Equal((7, 0, 7), Outcome(await stand.RetryAsync()));
        var mended = stand.Mended();
        var forecast = await stand.ForecastAsync(mended.Streams[0]);
        Assert.Equal((7, 5, 2), Outcome(forecast));
        Assert.Equal([("not a JSON object but Array", 1L), ("not valid JSON", 1L)], forecast.Reasons.Select(one => (one.Reason, one.Letters)));
        await stand.SetUpAsync(mended);

        Assert.Equal(Outcome(forecast), Outcome(await stand.RetryAsync()));
        string[] rows = ["0/0 1 1", "0/1 2 -", "0/3 3 -", "0/4 4 1", "1/0 5 -", "1/1 6 -", "1/2 7 -", "1/4 8 1"];
        Assert.Equal(rows, await stand.RowsAsync());
        Assert.Equal(5, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL"));
        Assert.Equal((8, 2, 0, 0, 0), await stand.AuditAsync());

        Assert.Equal((2, 0, 2), Outcome(await stand.RetryAsync()));
        Assert.Equal(rows, await stand.RowsAsync());
        var explained = (await RecordExplainer.RunAsync(stand.Endpoints, stand.Stream, 0, 1, CancellationToken.None))!;
        Assert.Equal(Verdicts.Row, explained.Verdict);
        Assert.Contains("a dead letter until it was retried at", explained.Sentence, StringComparison.Ordinal);
        Assert.Equal(2, (await DeadLetterSummary.ReadAsync(stand.Client, stand.Catalog, CancellationToken.None)).Streams[0].Total);

        stand.Produce(0, Event(9));
        stand.Produce(1, Event(10, "1000"));
        await stand.HoldsAsync(rows: 10, letters: 7);
    }

    [Fact]
    public async Task A_definition_that_is_not_carried_out_yet_is_refused()
    {
        using var stand = await CreateAsync(Servers, "retry_refused");
        var refused = await Assert.ThrowsAsync<LettersRefusedException>(() => LetterRetry.RunAsync(
            stand.Endpoints, RetrySource.Of(stand.Mended().Streams[0]), LetterFilter.All, null, null, TimeProvider.System,
            CancellationToken.None));
        Assert.Contains("carry the edit out (apply)", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>By a group that has committed nothing, the bound is what is stored.</summary>
    [Fact]
    public async Task A_letter_that_is_ahead_of_rows_and_commit_waits_and_what_comes_behind_it_is_still_stored()
    {
        using var stand = await CreateAsync(Servers, "retry_ahead");
        stand.Produce(0, Event(1, "1000"), Event(2), Event(3, "1000"), Event(4, "1000"));
        await stand.HoldsAsync(rows: 1, letters: 3);
        await stand.IsCommittedAsync((0, 4));
        await stand.SetUpAsync(stand.Mended());
        var early = stand.Endpoints with { Identity = stand.Endpoints.Identity with { Group = "retry_ahead_nobody" } };

        var report = await stand.RetryAsync(by: early);
        Assert.Equal((1, 2, 0), (report.Passed, report.Ahead, report.Failed));
        Assert.Equal(["0/0 1 -", "0/1 2 1"], await stand.RowsAsync());
        report = await stand.RetryAsync();
        Assert.Equal((2, 0, 0), (report.Passed, report.Ahead, report.Failed));
        stand.Produce(0, Event(5));
        await stand.HoldsAsync(rows: 5, letters: 3);
        Assert.Equal((5, 0, 0, 0, 0), await stand.AuditAsync());
    }

    [Fact]
    public async Task A_filter_and_a_limit_choose_and_the_forecast_says_the_same()
    {
        using var stand = await CreateAsync(Servers, "retry_filter");
        stand.Produce(0, [.. Enumerable.Range(1, 8).Select(id => Event(id, $"{id * 100 + 100}")), "poison"]);
        stand.Produce(1, Event(9, "\"word\""), Event(10, "1000"));
        await stand.HoldsAsync(rows: 0, letters: 11);
        await stand.IsCommittedAsync((0, 9), (1, 2));
        await stand.SetUpAsync(stand.Mended());

        await BothAsync(new LetterFilter { Reason = "\"word\"" }, null, ["1/0 9 -"]);
        await BothAsync(new LetterFilter { Reason = "score is not%: 9__" }, null, ["0/7 8 -", "1/0 9 -"]);
        await BothAsync(new LetterFilter { Column = "score", Offsets = [new LetterRange(0, 0, 1), new LetterRange(1, 0, 0)] }, null,
            ["0/0 1 -", "0/1 2 -", "0/7 8 -", "1/0 9 -"]);
        await BothAsync(new LetterFilter { Column = "none" }, null, ["0/0 1 -", "0/1 2 -", "0/7 8 -", "1/0 9 -"]);
        await BothAsync(new LetterFilter { Since = TimeProvider.System.GetUtcNow().AddDays(1) }, null, ["0/0 1 -", "0/1 2 -", "0/7 8 -", "1/0 9 -"]);
        Assert.Equal(4, (await stand.ForecastAsync(limit: 4)).Passed);
        Assert.Equal(4, (await stand.RetryAsync(limit: 4)).Passed);
        Assert.Equal(8, (await stand.RowsAsync()).Count);
        Assert.Equal((2, 1), ((await stand.RetryAsync()).Passed, (await stand.ForecastAsync()).Failed));
        Assert.Equal((10, 1, 0, 0, 0), await stand.AuditAsync());

        async Task BothAsync(LetterFilter filter, long? limit, string[] rows)
        {
            var forecast = await stand.ForecastAsync(filter: filter, limit: limit);
            Assert.Equal(Outcome(forecast), Outcome(await stand.RetryAsync(filter, limit)));
            Assert.Equal(rows, await stand.RowsAsync());
        }
    }

    /// <summary>What a kill between the two leaves.</summary>
    [Fact]
    public async Task A_row_whose_letter_is_not_marked_counts_once_and_the_next_retry_marks_it()
    {
        using var stand = await CreateAsync(Servers, "retry_unmarked");
        stand.Produce(0, Event(1, "1000"), Event(2, "1000"), Event(3));
        await stand.HoldsAsync(rows: 1, letters: 2);
        await stand.IsCommittedAsync((0, 3));
        await stand.SetUpAsync(stand.Mended());
        await stand.RetryAsync(limit: 1);
        await stand.Client.ExecuteAsync("ALTER TABLE dead_letters UPDATE retried_at = NULL WHERE true SETTINGS mutations_sync = 1");

        Assert.Equal((2, 1, 0, 0, 0), await stand.AuditAsync());
        var explained = (await RecordExplainer.RunAsync(stand.Endpoints, stand.Stream, 0, 0, CancellationToken.None))!;
        Assert.Contains("not marked as retried yet", explained.Sentence, StringComparison.Ordinal);
        Assert.Equal(2, (await stand.RetryAsync()).Passed);
        Assert.Equal(["0/0 1 -", "0/1 2 -", "0/2 3 1"], await stand.RowsAsync());
        Assert.Equal(2, await stand.CountAsync("dead_letters WHERE retried_at IS NOT NULL"));
        Assert.Equal((3, 0, 0, 0, 0), await stand.AuditAsync());
    }

    [Fact]
    public async Task Retries_at_once_and_one_whose_predecessor_still_inserts_store_each_letter_once()
    {
        using var stand = await CreateAsync(Servers, "retry_at_once");
        stand.Produce(0, [.. Enumerable.Range(1, 20).Select(id => Event(id, "1000"))]);
        await stand.HoldsAsync(rows: 0, letters: 20);
        await stand.IsCommittedAsync((0, 20));
        await stand.SetUpAsync(stand.Mended());
        var left = await stand.LeaveInsertAsync("kafka_offset < 10");

        await Task.WhenAll(stand.RetryAsync(), stand.RetryAsync(), stand.RetryAsync(batch: 7));
        Assert.True(left.IsCompleted);
        await left;
        Assert.Equal(Enumerable.Range(0, 20).Select(offset => $"0/{offset} {offset + 1} -"), await stand.RowsAsync());
        Assert.Equal((20, 0, 0, 0, 0), await stand.AuditAsync());
    }

    [Fact]
    public async Task A_paused_stream_takes_its_letters_and_a_header_that_became_a_column_is_in_their_rows()
    {
        using var stand = await CreateAsync(Servers, "retry_header");
        using (var producer = new ProducerBuilder<string, string>(Millrace.Streams.Kafka.KafkaClientProperties.For(stand.Endpoints)).Build())
        {
            var headers = new Headers { { "source", "old"u8.ToArray() }, { "source", "web"u8.ToArray() } };
            await producer.ProduceAsync(
                new TopicPartition("retry_header", 0), new Message<string, string> { Key = "k", Value = Event(1, "1000"), Headers = headers });
        }
        await stand.HoldsAsync(rows: 0, letters: 1);
        await stand.IsCommittedAsync((0, 1));
        await stand.SetUpAsync(stand.Mended("  - { name: source, type: String, from: \"header:source\", missing: default }"));
        Assert.True(await StreamPause.PauseAsync(stand.Endpoints, stand.Stream, TimeProvider.System, CancellationToken.None));

        Assert.Equal(1, (await stand.RetryAsync()).Passed);
        Assert.Equal(1, await stand.CountAsync("small_table WHERE source = 'web' AND score IS NULL"));
        var letter = (await LetterReader.FindAsync(stand.Endpoints, stand.Catalog, new LetterId("retry_header", 0, 0), CancellationToken.None))!;
        Assert.Equal("k"u8.ToArray(), letter.Key);
        Assert.Equal(["source", "source"], letter.Headers.Select(one => one.Name));
        Assert.NotNull(letter.Retried);
    }

    /// <summary>The last release kept neither headers nor what became of a letter.</summary>
    [Fact]
    public async Task Letters_of_a_table_of_before_gain_what_a_retry_needs()
    {
        using var stand = await CreateAsync(Servers, "retry_of_before");
        stand.Produce(0, Event(1, "1000"), Event(2));
        await stand.HoldsAsync(rows: 1, letters: 1);
        await stand.IsCommittedAsync((0, 2));
        foreach (var column in DeadLettersSql.LaterColumns.Select(Sql.NameOf))
            await stand.Client.ExecuteAsync($"ALTER TABLE dead_letters DROP COLUMN {column} SETTINGS mutations_sync = 1");
        var refused = await Assert.ThrowsAsync<LettersRefusedException>(() => LetterList.ReadAsync(
            stand.Endpoints, stand.Catalog, null, LetterFilter.All, CancellationToken.None));
        Assert.Contains("earlier version", refused.Message, StringComparison.Ordinal);

        await stand.SetUpAsync(stand.Mended());
        Assert.Equal(1, (await stand.RetryAsync()).Passed);
        Assert.Equal((2, 0, 0, 0, 0), await stand.AuditAsync());
    }

    /// <summary>They would have none in their rows, or its default.</summary>
    [Fact]
    public async Task Letters_of_before_headers_were_kept_wait_where_a_column_reads_one()
    {
        using var stand = await CreateAsync(Servers, "retry_headers_unknown");
        stand.Produce(0, Event(1, "1000"));
        await stand.HoldsAsync(rows: 0, letters: 1);
        // A version that keeps more makes the view anew.
        await stand.Client.ExecuteAsync("DROP TABLE small_dead_letters_mv SYNC");
        foreach (var column in DeadLettersSql.LaterColumns.Select(Sql.NameOf))
            await stand.Client.ExecuteAsync($"ALTER TABLE dead_letters DROP COLUMN {column} SETTINGS mutations_sync = 1");
        await stand.SetUpAsync(stand.Catalog);
        stand.Produce(0, Event(2, "1000"), Event(3, "1000"));
        await stand.HoldsAsync(rows: 0, letters: 3);
        await stand.IsCommittedAsync((0, 3));
        await stand.SetUpAsync(stand.Mended("  - { name: source, type: String, from: \"header:source\", missing: default }"));

        var forecast = await stand.ForecastAsync();
        Assert.Equal((3, 2, 1, 1), (forecast.Letters, forecast.Passed, forecast.Untried, forecast.HeadersUnknown));
        var report = await stand.RetryAsync();
        Assert.Equal((3, 2, 0, 1, 1), (report.Letters, report.Passed, report.Failed, report.Untried, report.HeadersUnknown));
        Assert.Equal(["0/1 2 -", "0/2 3 -"], await stand.RowsAsync());
    }

    [Fact]
    public async Task A_change_of_the_letters_that_fails_is_stopped_where_it_is_ours_and_told_where_it_is_not()
    {
        using var stand = await CreateAsync(Servers, "retry_mutations");
        stand.Produce(0, Event(1, "1000"));
        await stand.HoldsAsync(rows: 0, letters: 1);
        await stand.IsCommittedAsync((0, 1));
        await stand.SetUpAsync(stand.Mended());
        await FailingAsync("retried_at = fromUnixTimestamp64Milli(toInt64(1))");
        Assert.Equal(1, (await stand.RetryAsync()).Passed);
        Assert.Equal(1, await stand.CountAsync("dead_letters WHERE retried_at > '2026-01-01'"));
        await stand.Client.ExecuteAsync("ALTER TABLE dead_letters UPDATE retried_at = NULL WHERE true SETTINGS mutations_sync = 1");
        await stand.Client.ExecuteAsync("TRUNCATE TABLE small_table");

        await FailingAsync("retried_at = NULL, reason = 'mine'");
        var refused = await Assert.ThrowsAsync<DdlRefusedException>(() => stand.RetryAsync());
        Assert.Contains("a change of dead_letters that somebody made fails", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await stand.RowsAsync());
        var dropped = await LetterDrop.CountAsync(stand.Endpoints, stand.Catalog, null, LetterFilter.All, CancellationToken.None);
        await Assert.ThrowsAsync<DdlRefusedException>(() => dropped.RunAsync(TimeProvider.System, CancellationToken.None));
        await stand.Client.ExecuteAsync(refused.Message.Split("end it with  ")[1]);
        Assert.Equal(1, (await stand.RetryAsync()).Passed);

        async Task FailingAsync(string update)
        {
            await stand.Client.ExecuteAsync(
                $"ALTER TABLE dead_letters UPDATE {update} WHERE throwIf(kafka_offset < 10) = 1 SETTINGS mutations_sync = 0");
            await Millrace.Testing.Eventually.Holds(
                async () => await stand.CountAsync(
                    "system.mutations WHERE database = currentDatabase() AND NOT is_done AND latest_fail_reason != ''") == 1,
                "it fails");
        }
    }

    [Fact]
    public async Task A_forecast_is_refused_where_the_topic_was_made_anew_as_a_retry_is()
    {
        using var stand = await CreateAsync(Servers, "retry_made_anew");
        stand.Produce(0, Event(1, "1000"), Event(2));
        await stand.HoldsAsync(rows: 1, letters: 1);
        await stand.IsCommittedAsync((0, 2));
        Assert.Equal(1, (await stand.ForecastAsync()).Letters);
        Assert.True(await StreamPause.PauseAsync(stand.Endpoints, stand.Stream, TimeProvider.System, CancellationToken.None));
        await TestTopic.RemakeAsync(stand.Endpoints, "retry_made_anew", 2);

        await Assert.ThrowsAsync<TopicRecreatedException>(() => stand.ForecastAsync());
        await Assert.ThrowsAsync<TopicRecreatedException>(() => stand.RetryAsync());
    }

    static (long Letters, long Passed, long Failed) Outcome(RetryReport report) => (report.Letters, report.Passed, report.Failed);
}
