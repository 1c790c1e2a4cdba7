using System.Text.Json;
using Millrace.Streams.Charts;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Letters;
using Millrace.Streams.Status;
using Millrace.Streams.Tests.Letters;
using Millrace.Testing;
using static Millrace.Streams.Tests.Letters.LetterStand;

namespace Millrace.Streams.Tests.Setup;

/// <summary>A column may have a name that the stand's own SQL uses for something else.</summary>
[Collection(ServersCollection.Name)]
public class ColumnNamesTests(ServersFixture servers) : ServersTest(servers)
{
    /// <summary>Of columns, aliases and parameters of functions, in views and in questions.</summary>
    static readonly string[] Names =
    [
        "message", "reason", "failed_columns", "retried_at", "dropped_at", "fields", "valid", "inexact", "is_lossy", "stored", "is_past",
        "is_later", "is_another", "p", "names", "types", "failed", "json", "texts", "sent_json", "sent_values", "readable", "quick_fields",
        "topic", "partition", "offset", "time", "timestamp", "key", "value", "raw", "parsed", "field", "kind", "letters", "rows", "parts",
        "first", "last", "first_time", "last_time", "first_offset", "last_offset", "latest", "next_offset", "held", "minute", "latency",
        "newest", "waiting", "dropped", "retried", "in_rows", "in_letters", "distinct_stored", "counted", "before", "gap_from", "total_rows",
        "text", "token", "number", "part", "pair", "pairs", "count", "found", "values", "rejects", "is_null", "header", "name", "version",
    ];

    [Fact]
    public async Task No_name_that_the_stand_uses_itself_is_in_the_way_of_a_column()
    {
        using var stand = await CreateAsync(Servers, "column_names");
        var columns = string.Join('\n', Names.Select(name => $"  - {{ name: {name}, type: Nullable(String) }}"));
        await stand.SetUpAsync(TestStream.Catalog(TestStream.Small("column_names", moreColumns: columns)));
        var more = string.Concat(Names.Select(name => $",\"{name}\":\"the {name}\""));
        stand.Produce(0, Event(1, more: more), Event(2, "1000", more), $$"""{"id":3,"score":1{{more}},"x":123456789012345678901}""", "none");
        await stand.HoldsAsync(rows: 2, letters: 2);
        await stand.IsCommittedAsync((0, 4));
        Assert.Equal((2, 2, 0, 0, 0), await stand.AuditAsync());

        await stand.SetUpAsync(stand.Mended(columns));
        var forecast = await stand.ForecastAsync();
        var retried = await stand.RetryAsync();
        Assert.Equal((2, 1, 2, 1), (forecast.Letters, forecast.Passed, retried.Letters, retried.Passed));
        Assert.Equal(["0/0 1 1", "0/1 2 -", "0/2 3 1"], await stand.RowsAsync());
        Assert.Equal((3, 1, 0, 0, 0), await stand.AuditAsync());
        var isKept = string.Join(" AND ", Names.Select(name => $"{name} = 'the {name}'"));
        Assert.Equal(3, await stand.CountAsync($"(SELECT 1 FROM small_table WHERE {isKept})"));

        var explained = (await RecordExplainer.RunAsync(stand.Endpoints, stand.Stream, 0, 0, CancellationToken.None))!;
        Assert.Equal(Verdicts.Row, explained.Verdict);
        Assert.Equal(Names.Select(name => $"the {name}"), explained.Columns.Skip(2).Select(column => column.Value));
        var kinds = await LetterList.ReadAsync(stand.Endpoints, stand.Catalog, null, LetterFilter.All, CancellationToken.None);
        Assert.Equal(["not valid JSON", "score is not a valid Int8"], kinds.Select(kind => kind.Reason).Order());
        using var reader = new StandStatusReader(stand.Endpoints, stand.Catalog, TimeProvider.System);
        Assert.Equal(3, Assert.Single((await reader.ReadAsync(CancellationToken.None)).Streams).Rows);
        foreach (var chart in StandCharts.Of(stand.Catalog.Streams)) await stand.Client.QueryAsync<JsonElement>(chart.Sql);
    }

    [Fact]
    public void The_names_that_no_column_may_have_are_documented()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "NOT-SUPPORTED.md"))
            .Single(line => line.StartsWith("| A column called ", StringComparison.Ordinal));
        Assert.All(ColumnReader.ReservedColumns, name => Assert.Contains($"`{name}`", documented, StringComparison.Ordinal));
    }
}
