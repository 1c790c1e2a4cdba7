using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.ClickHouse.Tests.Http;

[Collection(EngineCollection.Name)]
public sealed class ErrorTests(EngineFixture engine)
{
    const string FromInfile = "INSERT INTO FUNCTION null('s String') FROM INFILE '/etc/hostname' FORMAT LineAsString";

    [Theory]
    [InlineData("SELEC 1", "", 400, "62", "SYNTAX_ERROR")]
    [InlineData("", "", 400, "62", "Empty query")]
    [InlineData("-- nothing\n;", "", 400, "62", "Empty query")]
    [InlineData("exit", "", 400, "62", "SYNTAX_ERROR")]
    [InlineData("SELECT 1; SELECT 2", "", 400, "62", "Multi-statements are not allowed")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/x'", "", 500, "358", "INTO_OUTFILE_NOT_ALLOWED")]
    [InlineData(FromInfile, "", 404, "78", "UNKNOWN_TYPE_OF_QUERY")]
    [InlineData("SELECT nosuch", "", 404, "47", "UNKNOWN_IDENTIFIER")]
    [InlineData("SELECT * FROM nosuch", "", 404, "60", "UNKNOWN_TABLE")]
    [InlineData("SELECT nosuch()", "", 404, "46", "UNKNOWN_FUNCTION")]
    [InlineData("SELECT 1 FORMAT Nosuch", "", 404, "73", "UNKNOWN_FORMAT")]
    [InlineData("SELECT 1", "nosuch=1", 404, "115", "Unknown setting 'nosuch'")]
    [InlineData("SELECT 1", "max_threads=many", 400, "27", "CANNOT_PARSE")]
    [InlineData("SELECT 1 SETTINGS nosuch = 1", "", 404, "115", "UNKNOWN_SETTING")]
    [InlineData("SELECT toInt8('x')", "", 400, "6", "CANNOT_PARSE_TEXT")]
    [InlineData("SELECT throwIf(1)", "", 500, "395", "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")]
    [InlineData("SELECT sleep(3)", "max_execution_time=0.1", 408, "159", "TIMEOUT_EXCEEDED")]
    public async Task An_error_has_clickhouses_code_text_and_status(
        string statement, string parameters, int status, string code, string text)
    {
        var answer = await engine.Post(statement, parameters);

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", answer.Text, StringComparison.Ordinal);
        Assert.Contains(text, answer.Text, StringComparison.Ordinal);
        Assert.Matches(@"\([A-Z_]+\) \(version 26\.[0-9.]+\)\n$", answer.Text);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(answer.Text, @"Code: \d+"));
    }

    [Fact]
    public async Task An_error_shows_the_statement_as_the_user_wrote_it()
    {
        Assert.DoesNotContain("OUTFILE '", (await engine.Post("SELECT 1 FROMM x y z")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("OUTFILE '", (await engine.Post("SELECT nosuch FROM system.one")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_error_midway_the_next_result_is_clean()
    {
        for (var i = 0; i < 10; i++)
        {
            var failed = await engine.Post("SELECT throwIf(number = 50000), 'secret' FROM numbers(60000)", "max_block_size=1000");
            Assert.Equal(500, failed.Status);
            Assert.Equal("after", await engine.Ask("SELECT 'after'"));
        }
    }

    [Fact]
    public async Task An_error_after_the_first_megabyte_breaks_the_answer_off_and_names_itself_between_markers()
    {
        var statement = new StringContent("SELECT throwIf(number = 3000000) FROM numbers(5000000)");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = statement };
        using var response = await engine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var received = new MemoryStream();

        await Assert.ThrowsAnyAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(received));

        var text = Encoding.UTF8.GetString(received.ToArray());
        var tag = response.Headers.GetValues("X-ClickHouse-Exception-Tag").Single();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var match = System.Text.RegularExpressions.Regex.Match(
            text,
            $@"\r\n__exception__\r\n{tag}\r\n(?<message>Code: 395\.[^\r]*\n)(?<length>\d+) {tag}\r\n__exception__\r\n$");
        Assert.True(match.Success, text[^500..]);
        Assert.Equal($"{Encoding.UTF8.GetByteCount(match.Groups["message"].Value)}", match.Groups["length"].Value);
    }

    [Fact]
    public async Task Waiting_for_the_end_turns_a_late_error_into_a_status()
    {
        var answer = await engine.Post("SELECT throwIf(number = 3000000) FROM numbers(5000000)", "wait_end_of_query=1");

        Assert.Equal((500, "395"), (answer.Status, answer.ErrorCode));
        var whole = await engine.Post("SELECT number FROM numbers(3000000)", "wait_end_of_query=1");
        Assert.Equal(3_000_000, whole.Body.Count(b => b == '\n'));
    }

    [Fact]
    public async Task A_query_larger_than_the_limit_is_refused()
    {
        var answer = await engine.Post($"SELECT '{new string('x', 300_000)}'");

        Assert.Equal(400, answer.Status);
        Assert.Contains("Max query size exceeded", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_url_is_read_up_to_a_megabyte()
    {
        Assert.Equal("200000", (await engine.Get($"query=SELECT+length('{new string('x', 200_000)}')")).Text.Trim());
        Assert.Equal(414, (await engine.Get($"query=SELECT+length('{new string('x', 1_100_000)}')")).Status);
    }

    [Theory]
    [InlineData("garbage\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 411")]
    [InlineData("\u0016\u0003\u0001\0\0", "HTTP/1.1 400")]
    public async Task Garbage_is_refused_and_the_host_lives_on(string bytes, string expected)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(engine.Host.Url.Host, engine.Host.Url.Port);
        using var reader = new StreamReader(socket.GetStream());
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));

        Assert.StartsWith(expected, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await engine.Ask("SELECT 1"));
    }

    [Fact]
    public async Task An_unknown_path_is_not_found_and_says_what_there_is()
    {
        var answer = await Answer.Of(await engine.Http.GetAsync("/nosuch?a=1"));

        Assert.Equal(404, answer.Status);
        Assert.StartsWith("There is no handle /nosuch?a=1", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Use / or /ping for health checks.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ping")]
    [InlineData("/")]
    [InlineData("/replicas_status")]
    public async Task Health_checks_answer_ok(string path)
    {
        Assert.Equal("Ok.\n", await engine.Http.GetStringAsync(path));
        using var head = await engine.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }
}
