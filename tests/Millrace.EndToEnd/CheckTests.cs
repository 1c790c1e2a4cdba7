using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Records that run through definitions in a stand of their own.</summary>
public sealed class CheckTests : IDisposable
{
    const string Payments = """
        stream: payments
        topic: payments
        table: payments_table
        order_by: [account, at]
        columns:
          - { name: account, type: UInt64, from: $.payer.account.id }
          - { name: at, type: DateTime64(3), from: "$.@timestamp", format: epoch_ms }
          - { name: amount, type: "Decimal(18, 2)", from: $.amount.value, invalid: round }
          - { name: source, type: Nullable(String), from: "header:source" }
        """;

    const string Right = """{"payer":{"account":{"id":7}},"@timestamp":1767323045678,"amount":{"value":12.345}}""";

    readonly TemporaryDirectory _directory = new();

    public CheckTests()
    {
        Write("payments.yaml", Payments);
        Directory.CreateDirectory(_directory.Sub("tmp"));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Every folder of examples/, and what the stand ships.</summary>
    public static TheoryData<string> Shipped() =>
        ["streams", .. Directory.GetDirectories(Path.Combine(Repository.Root, "examples")).Select(folder => $"examples/{Path.GetFileName(folder)}")];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task What_is_shipped_passes_its_check(string folder)
    {
        var checkedAll = (await CheckAsync(Path.Combine(Repository.Root, folder))).Expect(0);
        if (folder != "streams") Assert.EndsWith(" all as expected.\n", checkedAll.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_beside_a_definition_are_checked_and_nothing_is_left_behind()
    {
        Write("payments.samples.ndjson", Right + "\n");
        Write("payments.samples.yaml", $$"""
            - { name: an ordinary one, value: '{{Right}}', headers: { source: web }, expect: { row: { amount: 12.35, source: web } } }
            - { name: a broken one, value: { amount: { value: 1 } }, expect: { dead_letter: { column: account, reason: is missing } } }
            - value: null
            """);
        var passed = (await CheckAsync(Sub("payments.yaml"))).Expect(0);
        Assert.EndsWith("1 definition, 4 records: all as expected.\n", passed.Output, StringComparison.Ordinal);
        Assert.Contains($"{Sub("payments.samples.yaml")}:2 a broken one", passed.Output, StringComparison.Ordinal);
        Assert.Contains("account=7, at=2026-01-02 03:04:05.678, amount=12.35, source=web", passed.Output, StringComparison.Ordinal);
        Assert.Contains("account is missing; at is missing", passed.Output, StringComparison.Ordinal);
        Assert.Empty(Left);
    }

    [Fact]
    public async Task A_record_that_should_pass_and_does_not_is_told_with_its_place_and_exit_code_1()
    {
        Write("records", $"{Right}\n{{}}\n");
        var failed = (await CheckAsync(Sub("payments.yaml"), "--sample", Sub("records"))).Expect(1);
        Assert.EndsWith(
            $"{Sub("records")}:2: is a dead letter: account is missing; at is missing; amount is missing\n"
            + "1 definition, 2 records: 1 as expected, 1 not.\n",
            failed.Output, StringComparison.Ordinal);

        var json = (await CheckAsync(Sub("payments.yaml"), "--sample", Sub("records"), "-o", "json")).Expect(1).Json;
        Assert.False(json.GetProperty("is_well").GetBoolean());
        Assert.Equal(1, json.GetProperty("streams")[0].GetProperty("failed").GetInt32());
        var record = json.GetProperty("records")[1];
        Assert.Equal((2, "dead_letter", "row"), (
            record.GetProperty("line").GetInt32(), record.GetProperty("outcome").GetString(), record.GetProperty("expected").GetString()));
        Assert.Equal(["account", "at", "amount"], record.GetProperty("failed_columns").EnumerateArray().Select(column => column.GetString()));
        Assert.Equal("12.35", json.GetProperty("records")[0].GetProperty("row").GetProperty("amount").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("records")[0].GetProperty("row").GetProperty("source").ValueKind);
    }

    [Fact]
    public async Task JUnit_has_a_suite_for_each_stream_and_a_case_for_each_record()
    {
        Write("more.yaml", Payments.Replace("payments", "more", StringComparison.Ordinal));
        Write("all.yaml", $$"""
            - { name: "right & <well>", stream: payments, value: '{{Right}}' }
            - { stream: more, value: "\u0007\"]]>" }
            """);
        var failed = (await CheckAsync(Sub("payments.yaml"), Sub("more.yaml"), "--sample", Sub("all.yaml"), "-o", "junit")).Expect(1);
        var suites = XDocument.Parse(failed.Output).Root!;
        Assert.Equal(("testsuites", "2", "1"), (suites.Name.LocalName, (string?)suites.Attribute("tests"), (string?)suites.Attribute("failures")));
        Assert.Equal(["payments", "more"], suites.Elements("testsuite").Select(suite => (string?)suite.Attribute("name")));
        var cases = suites.Descendants("testcase").ToList();
        Assert.Equal(["right & <well> (all.yaml:1)", "all.yaml:2"], cases.Select(one => (string?)one.Attribute("name")));
        Assert.Equal([0, 1], cases.Select(one => one.Elements("failure").Count()));
        Assert.Equal("is a dead letter: not valid JSON", (string?)cases[1].Element("failure")!.Attribute("message"));
    }

    [Fact]
    public async Task Records_come_from_stdin_and_many_are_told_in_few_lines()
    {
        var lines = string.Concat(Enumerable.Range(0, 100_000).Select(i => i % 100 == 7 ? "broken\n" : Right + "\n"));
        var failed = (await RunAsync(lines, Sub("payments.yaml"), "--sample", "-")).Expect(1);
        Assert.EndsWith(
            "1 definition, 100,000 records: 99,000 as expected, 1,000 not, of which the first 100 are above.\n", failed.Output,
            StringComparison.Ordinal);
        Assert.Contains("stdin:8: is a dead letter: not valid JSON\n", failed.Output, StringComparison.Ordinal);
        Assert.Equal(202, failed.Output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Without_a_record_the_definitions_alone_are_checked()
    {
        var well = (await CheckAsync(Sub("payments.yaml"))).Expect(0);
        Assert.Equal("1 definition: well. No record was checked.\n", well.Output);
        Write("payments.yaml", Payments.Replace("name: amount,", "name: amuont, typ: x,", StringComparison.Ordinal));
        await RefusedAsync("payments.yaml, line 8, column 21: typ: is not a field of a column (did you mean 'type'?)", Sub("payments.yaml"));
        Write("payments.yaml", Payments + "\n  - { name: third, type: UInt64, expr: \"intDiv(10, account)\" }");
        await RefusedAsync(
            "payments.yaml, line 10, column 40: expr: holds intDiv, which fails where the divisor is 0", Sub("payments.yaml"));
    }

    [Fact]
    public async Task What_is_wrong_before_anything_starts_is_one_sentence_with_exit_code_2()
    {
        await RefusedAsync($"check takes the files of stream definitions, or their folder:  {Launcher.Path} check FILE...");
        await RefusedAsync($"there is no file or folder {Sub("nowhere")}", Sub("nowhere"));
        await RefusedAsync($"there is no file {Sub("nowhere")}", Sub("payments.yaml"), "--sample", Sub("nowhere"));
        await RefusedAsync("--sample - can be given once", Sub("payments.yaml"), "--sample", "-", "--sample", "-");
        await RefusedAsync("stdin holds no record; add one, or leave it out", Sub("payments.yaml"), "--sample", "-");
        Write("long", Right + "\n" + new string('x', 1_100_000));
        await RefusedAsync($"{Sub("long")}, line 2: the record has more than 1,048,000 bytes", Sub("payments.yaml"), "--sample", Sub("long"));
        Write("slip.yaml", "- { value: 1, expcet: row }");
        await RefusedAsync("slip.yaml, line 1, column 15: expcet: is not a field of a sample (did you mean 'expect'?)",
            Sub("payments.yaml"), "--sample", Sub("slip.yaml"));
        await RefusedAsync("--output takes table or json, not 'sql'", Sub("payments.yaml"), "-o", "sql");
        Assert.Empty(Left);
    }

    [Fact]
    public async Task Two_checks_at_once_and_a_stand_that_is_up_know_nothing_of_each_other()
    {
        await using var stand = new Stand();
        await stand.UpAsync("--rate", "100");
        Write("records", Right + "\n");
        // Neither a profile nor a password of somebody's stand is a check's business.
        var environment = new Dictionary<string, string?> { ["MILLRACE_PROFILE"] = "/nowhere", ["MILLRACE_CLICKHOUSE_PASSWORD"] = "secret" };
        var checks = await Task.WhenAll(
            CheckAsync(Sub("payments.yaml"), "--sample", Sub("records")),
            RunAsync("", environment, Sub("payments.yaml"), "--sample", Sub("records")));
        Assert.All(checks, check => Assert.EndsWith("1 record: all as expected.\n", check.Expect(0).Output, StringComparison.Ordinal));
        Assert.Empty(Left);
        Assert.Equal("0", await stand.QueryAsync("SELECT count() FROM system.tables WHERE name = 'payments_table'"));
        Assert.Equal("running", await stand.StateOfAsync("clickhouse"));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_check_that_is_stopped_leaves_nothing_behind(string signal)
    {
        using var check = Start(new Dictionary<string, string?>(), Sub("payments.yaml"), "--sample", await ManyRecordsAsync());
        check.StandardInput.Close();
        await Eventually.Holds(() => Left.Any(folder => Directory.Exists(Path.Combine(folder, "clickhouse"))), "it has begun");
        await Launcher.SignalAsync(check.Id, signal);
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await check.WaitForExitAsync(late.Token);
        Assert.Equal(130, check.ExitCode);
        Assert.Equal(("", ""), (await check.StandardOutput.ReadToEndAsync(), await check.StandardError.ReadToEndAsync()));
        Assert.Empty(Left);
    }

    [Fact]
    public async Task What_a_killed_check_leaves_behind_the_next_one_deletes()
    {
        using var check = Start(new Dictionary<string, string?>(), Sub("payments.yaml"), "--sample", await ManyRecordsAsync());
        check.StandardInput.Close();
        await Eventually.Holds(
            () => Left.Any(folder => Directory.Exists(Path.Combine(folder, "clickhouse")) && File.Exists(Path.Combine(folder, "state.json"))),
            "it has begun");
        await Launcher.SignalAsync(check.Id, "KILL");
        await check.WaitForExitAsync();
        Assert.Single(Left);
        Directory.CreateDirectory(_directory.Sub("tmp/millrace-check-of-a-user"));
        (await CheckAsync(Sub("payments.yaml"))).Expect(0);
        Assert.Equal([_directory.Sub("tmp/millrace-check-of-a-user")], Left);
    }

    /// <summary>Folders in the temporary one of these checks.</summary>
    string[] Left => Directory.GetDirectories(_directory.Sub("tmp"), "millrace-check-*");

    string Sub(string name) => _directory.Sub(name);

    void Write(string file, string text) => File.WriteAllText(_directory.Sub(file), text);

    async Task<string> ManyRecordsAsync()
    {
        await File.WriteAllLinesAsync(_directory.Sub("many"), Enumerable.Repeat(Right, 100_000));
        return _directory.Sub("many");
    }

    async Task RefusedAsync(string sentence, params string[] arguments)
    {
        var refused = (await CheckAsync(arguments)).Expect(2);
        Assert.Equal("", refused.Output);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd('\n').Split('\n'));
    }

    Task<CommandResult> CheckAsync(params string[] arguments) => RunAsync("", arguments);

    Task<CommandResult> RunAsync(string input, params string[] arguments) => RunAsync(input, new Dictionary<string, string?>(), arguments);

    async Task<CommandResult> RunAsync(string input, Dictionary<string, string?> environment, params string[] arguments)
    {
        using var check = Start(environment, arguments);
        var (output, error) = (check.StandardOutput.ReadToEndAsync(), check.StandardError.ReadToEndAsync());
        try
        {
            await check.StandardInput.WriteAsync(input);
            check.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had no use for it.
        }
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await check.WaitForExitAsync(late.Token);
        return new CommandResult(check.ExitCode, await output, await error);
    }

    Process Start(Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Launcher.Path, ["check", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = _directory.Sub("tmp"), ["MILLRACE_DATA"] = _directory.Sub("data") },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
