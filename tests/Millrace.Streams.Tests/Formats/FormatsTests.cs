using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.Audit;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Explain;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Formats;

/// <summary>Records that are no JSON, on the real engine and broker: rows where they can be read, dead letters with the reason where not.</summary>
[Collection(ServersCollection.Name)]
public class FormatsTests(ServersFixture servers) : ServersTest(servers)
{
    const string Columns = """
          - { name: id, type: UInt64 }
          - { name: note, type: Nullable(String) }
          - { name: amount, type: "Decimal(18, 2)", from: $.price }
          - { name: tags, type: Array(String), missing: default, "null": default }
          - { name: place, type: String, from: "header:place", missing: default }
        """;

    [Theory]
    [InlineData("csv_plain", "csv", "")]
    [InlineData("csv_semicolon", "csv", "\ndelimiter: \";\"")]
    [InlineData("csv_pipe", "csv", "\ndelimiter: \"|\"")]
    [InlineData("csv_tab", "csv", "\ndelimiter: \"\\t\"")]
    [InlineData("csv_caret", "csv", "\ndelimiter: \"^\"")]
    public async Task A_line_of_csv_is_a_row(string topic, string format, string options)
    {
        var d = options == "" ? "," : TestStream.Read(Definition(topic, format, "fields: [id, note, price, tags]" + options)).Format.ToString()[4..5];
        await using var stand = await SetUpAsync(topic, format, "fields: [id, note, price, tags]" + options);
        string Line(params string[] fields) => string.Join(d, fields);
        await stand.GivesAsync(
            [
                (Line("1", "plain", "1.50", "[\"a\"]"), "1 plain 1.5 ['a']"),
                (Line("2", "", "2", ""), "2 NULL 2 []"),
                (Line(" 3 ", " in  between ", "3.00", "") + "\r\n", "3 in  between 3 []"),
                (Line("\"4\"", $"\"quoted {d} \"\"text\"\"\"", "\"4\"", "\"[\"\"x\"\",\"\"y\"\"]\""), $"4 quoted {d} \"text\" 4 ['x','y']"),
                (Line("5", "\"\"", "9999999999999999.99", "[]"), "5  9999999999999999.99 []"),
                (Line("6", "\"two\nlines\"", "6", ""), "6 two\nlines 6 []"),
                (Line("7", "5\" pipe", "7", ""), "7 5\" pipe 7 []"),
                (Line("8", "ä \\n \uFFFD \u0001", "8", ""), "8 ä \\n \uFFFD \u0001 8 []"),
            ],
            [
                (Line("1", "2"), "not CSV of 4 fields: 2"),
                (Line("1", "2", "3", "4", "5"), "not CSV of 4 fields: 5"),
                (Line("1", "\"open", "3", "4"), "not CSV"),
                (Line("1", "\"a\"b", "3", "4"), "not CSV"),
                ($"1{d}a{d}1{d}\n2{d}b{d}2{d}", "not CSV"),
                (Line("x", "a", "12.345", ""), "id is not a valid UInt64: \"x\"; amount is not a valid Decimal(18, 2): \"12.345\""),
                (Line("", "a", "1", ""), "id is null"),
                ("{\"id\":1}", "not CSV of 4 fields: 1"),
            ]);
    }

    [Fact]
    public async Task A_line_of_tsv_is_a_row()
    {
        await using var stand = await SetUpAsync("tsv_lines", "tsv", "fields: [id, note, price, tags]");
        await stand.GivesAsync(
            [
                ("1\tplain\t1.50\t[\"a\"]", "1 plain 1.5 ['a']"),
                ("2\t\\N\t2\t\\N\n", "2 NULL 2 []"),
                ("3\ttab \\t line \\n back \\\\ \\\\N odd \\x\t3\t[]", "3 tab \t line \n back \\ \\N odd \\x 3 []"),
                ("4\t \"quoted\" \t4\t[]", "4  \"quoted\"  4 []"),
                ("5\t\t5\t[]", "5  5 []"),
            ],
            [
                ("1\t2", "not TSV of 4 fields: 2"),
                ("no", "not TSV of 4 fields: 1"),
                ("\\N\ta\t1\t[]", "id is null"),
            ]);
    }

    [Fact]
    public async Task What_a_pattern_takes_out_of_a_text_is_a_row()
    {
        await using var stand = await SetUpAsync(
            "regex_lines", "regex", """pattern: '^(?P<id>\d+)(?: "(?<note>[^"]*)")? [\](x)]?\((?<price>[^)]+)\) (-|(?<tags>\[.*\]))$'""");
        await stand.GivesAsync(
            [
                ("1 \"it's a \\ note\" (1.50) [\"a\"]", "1 it's a \\ note 1.5 ['a']"),
                ("2 (2) -", "2 NULL 2 []"),
                ("3 \"\" x(3) []\r\n", "3 NULL 3 []"),
            ],
            [
                ("none", "does not match the pattern"),
                ("4 (many) -", "amount is not a valid Decimal(18, 2): \"many\""),
            ]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_dead_letters()
    {
        await using var stand = await SetUpAsync("latin_1", "csv", "fields: [id, note, price, tags]");
        TestTopic.Produce(stand.Endpoints, "latin_1", 0, [[.. "1,caf"u8, 0xe9, .. ",1,"u8], null, "2,b,2,"u8.ToArray()]);
        await stand.HoldsAsync(rows: 1, letters: 1);
        Assert.Equal(["not UTF-8"], await stand.TextsAsync("SELECT reason AS text FROM dead_letters"));
    }

    /// <summary>A field may be JSON itself, whose digits ClickHouse's parser would change.</summary>
    [Fact]
    public async Task Numbers_within_a_field_keep_all_their_digits()
    {
        var yaml = Definition("csv_digits", "csv", "fields: [id, note, price, tags, exact]")
            .Replace("columns:\n", "columns:\n  - { name: exact, type: \"Array(Decimal(38, 20))\" }\n", StringComparison.Ordinal);
        await using var stand = new Stand(await Servers.NewDatabaseAsync(), TestStream.Catalog(yaml));
        await StandSetup.RunAsync(stand.Endpoints, stand.Catalog, NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(
            stand.Endpoints, "csv_digits", 0,
            ["1,a,1.5,,[0.12345678901234567890]", "2,b,2.5,,[1.5]", "3,c,x,,[0.12345678901234567890]", "4,d,9999999999999999.99,,[]"]);
        await stand.HoldsAsync(rows: 3, letters: 1);
        Assert.Equal(
            ["1 a 1.5 [0.1234567890123456789]", "2 b 2.5 [1.5]", "4 d 9999999999999999.99 []"],
            await stand.TextsAsync(
                "SELECT concatWithSeparator(' ', toString(id), note, toString(amount), toString(exact)) AS text FROM lines_table ORDER BY id"));
        Assert.Equal(["amount is not a valid Decimal(18, 2): \"x\""], await stand.TextsAsync("SELECT reason AS text FROM dead_letters"));
    }

    /// <summary>Each with its place, before anything is made.</summary>
    [Theory]
    [InlineData("format: cvs\nfields: [id]", "line 6, column 9: format: 'cvs' is no format (did you mean 'csv'?); write json, csv, tsv, regex")]
    [InlineData("format: csv", "fields: is missing; add it")]
    [InlineData("fields: [id]", "line 6, column 9: fields: says nothing of format: json; remove it, or write another format")]
    [InlineData("format: tsv\nfields: [id]\ndelimiter: \";\"", "delimiter: says nothing of format: tsv")]
    [InlineData("format: csv\nfields: [id, id]", "fields: names a field twice")]
    [InlineData("format: csv\nfields: [id]\ndelimiter: \";;\"", "delimiter: ';;' is no delimiter; write one character, such as ';' or '|'")]
    [InlineData("format: csv\nfields: [id]\ndelimiter: a", "delimiter: 'a' is no delimiter")]
    [InlineData("format: regex\npattern: a(b)(?:c)[(?<d>]", "pattern: names no field, or holds \\Q; write a group for each")]
    [InlineData("format: regex\npattern: '\\Q(\\E(?<a>b)'", "pattern: names no field, or holds \\Q")]
    [InlineData("format: regex\npattern: (?<a>b)(?<a>c)", "pattern: names no field")]
    [InlineData(
        "format: csv\nfields: [id, note, prize]",
        "column 51: from: $.price is no field of the records (did you mean '$.prize'?); write from: and one of $.id, $.note")]
    public void A_format_that_can_t_be_read_is_refused_with_its_place(string format, string sentence)
    {
        var yaml = Definition("never_made", "x", "").Replace("format: x", format, StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => StreamFile.Read("test.yaml", new StringReader(yaml)));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_is_emitted_is_json()
    {
        var yaml = TestStream.Small("never_made").Replace("columns:", "format: tsv\nfields: [id, score]\ncolumns:", StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => StreamFile.Read("test.yaml", new StringReader(yaml)));
        Assert.EndsWith("the emitter writes JSON, not tsv; remove generate: of the columns and weight:, or this", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_ClickHouse_does_not_take_is_refused_with_its_place()
    {
        var stand = await Servers.NewDatabaseAsync();
        var catalog = TestStream.Catalog(Definition("never_made", "regex", "pattern: '(?<id>a)(?<note>b)(?<price>c)(?<tags>d)(?=e)'"));
        var refused = await Assert.ThrowsAsync<StreamDefinitionException>(
            () => StandSetup.RunAsync(stand, catalog, NullLogger.Instance, CancellationToken.None));
        Assert.StartsWith("test.yaml, line 7, column 10: pattern: ClickHouse does not take it: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("invalid perl operator", refused.Message, StringComparison.Ordinal);
    }

    static string Definition(string topic, string format, string options) => $"""
        stream: lines
        topic: {topic}
        partitions: 1
        table: lines_table
        order_by: [id]
        format: {format}
        {options}
        columns:
        {Columns}
        """.Replace("\n\n", "\n", StringComparison.Ordinal);

    async Task<Stand> SetUpAsync(string topic, string format, string options)
    {
        var stand = new Stand(await Servers.NewDatabaseAsync(), TestStream.Catalog(Definition(topic, format, options)));
        await StandSetup.RunAsync(stand.Endpoints, stand.Catalog, NullLogger.Instance, CancellationToken.None);
        return stand;
    }

    sealed class Stand(StandEndpoints endpoints, StreamCatalog catalog) : IAsyncDisposable
    {
        readonly ClickHouseClient _client = new(endpoints);

        public StandEndpoints Endpoints => endpoints;

        public StreamCatalog Catalog => catalog;

        StreamDefinition Stream => catalog.Streams[0];

        /// <summary>Nothing is lost, and `explain` says of each record what the tables say.</summary>
        public async Task GivesAsync(IReadOnlyList<(string Record, string Row)> good, IReadOnlyList<(string Record, string Reason)> bad)
        {
            TestTopic.Produce(endpoints, Stream.Topic, 0, good.Concat(bad).Select(one => one.Record));
            await HoldsAsync(good.Count, bad.Count);
            Assert.Equal(good.Select(one => one.Row), await TextsAsync(
                "SELECT concatWithSeparator(' ', toString(id), ifNull(note, 'NULL'), toString(amount), toString(tags)) AS text "
                + "FROM lines_table ORDER BY kafka_offset"));
            Assert.Equal(bad.Select(one => one.Reason), await TextsAsync("SELECT reason AS text FROM dead_letters ORDER BY kafka_offset"));
            Assert.Equal(bad.Select(one => one.Record), await TextsAsync("SELECT message AS text FROM dead_letters ORDER BY kafka_offset"));
            var report = await StandAudit.RunAsync(endpoints, catalog, 100, null, CancellationToken.None);
            Assert.True(report.Topics.Single().Partitions.All(one => one is { Missing: 0, StoredTwice: 0 }));
            var first = (await RecordExplainer.RunAsync(endpoints, Stream, 0, 0, CancellationToken.None))!;
            Assert.Equal(Verdicts.Row, first.Verdict);
            Assert.All(first.Columns, column => Assert.Null(column.Error));
            var last = (await RecordExplainer.RunAsync(endpoints, Stream, 0, good.Count + bad.Count - 1, CancellationToken.None))!;
            Assert.Equal(Verdicts.DeadLetter, last.Verdict);
            Assert.Contains(last.Columns, column => column.Error is not null);
        }

        public Task HoldsAsync(int rows, int letters) => Eventually.Holds(
            async () => (await TextsAsync("SELECT toString(count()) AS text FROM lines_table"))[0] == $"{rows}"
                && (await TextsAsync("SELECT toString(count()) AS text FROM dead_letters"))[0] == $"{letters}",
            $"{rows} rows and {letters} letters are stored");

        public async Task<IReadOnlyList<string>> TextsAsync(string query) => [.. (await _client.QueryAsync<TextRow>(query)).Select(row => row.Text)];

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }

        sealed record TextRow(string Text);
    }
}
