using Millrace.Cli.Basics;
using Millrace.Cli.Sql;
using Millrace.Streams;
using Millrace.Streams.ClickHouse;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Sql;

/// <summary>What <c>millrace sql</c> makes of the statements that ClickHouse does not run.</summary>
public sealed class SqlRefusalTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(81, "Code: 81. DB::Exception: Database nosuch does not exist. (UNKNOWN_DATABASE)")]
    [InlineData(81, "Code: 81. DB::Exception: Database shop2 does not exist. (UNKNOWN_DATABASE)")]
    [InlineData(497, "Code: 497. DB::Exception: me: Not enough privileges. To execute this query, it's necessary to have the grant "
        + "CREATE USER ON *.*. (ACCESS_DENIED)")]
    [InlineData(60, "Code: 60. DB::Exception: Unknown table expression identifier 'x'. (UNKNOWN_TABLE)")]
    public async Task A_statement_at_fault_is_told_in_clickhouses_own_words(int code, string text)
    {
        using var clickHouse = new RefusingClickHouse(code, text);
        var refused = await Assert.ThrowsAsync<CliException>(() => RunAsync(clickHouse.Url));
        Assert.Equal((ExitCodes.Failed, text), (refused.ExitCode, refused.Message));
    }

    [Theory]
    [InlineData(516, "Code: 516. DB::Exception: me: Authentication failed. (AUTHENTICATION_FAILED)", "does not let user me in")]
    [InlineData(81, "Code: 81. DB::Exception: Database shop does not exist. (UNKNOWN_DATABASE)", "has no database shop")]
    [InlineData(81, "Code: 81. DB::Exception: Database `shop` does not exist. (UNKNOWN_DATABASE)", "has no database shop")]
    public async Task An_address_at_fault_is_told_with_what_to_do(int code, string text, string sentence)
    {
        using var clickHouse = new RefusingClickHouse(code, text);
        var refused = await Assert.ThrowsAsync<ClickHouseRefusedException>(() => RunAsync(clickHouse.Url));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotRunning, Failure.Describe(refused).ExitCode);
    }

    [Theory]
    [InlineData(516)]
    [InlineData(60)]
    public async Task The_shell_goes_on_after_any_refusal(int code)
    {
        using var clickHouse = new RefusingClickHouse(code, "no");
        using var client = Client(clickHouse.Url);
        await new SqlShell(client, new SqlHistory(_directory.Sub("history")), Stream.Null, failure => failure).AnswerAsync("SELECT 1");
    }

    [Fact]
    public async Task The_shell_goes_on_when_clickhouse_is_away()
    {
        using var client = Client(new Uri("http://127.0.0.1:1/"));
        await new SqlShell(client, new SqlHistory(_directory.Sub("history")), Stream.Null, failure => failure).AnswerAsync("SELECT 1");
    }

    static async Task RunAsync(Uri url)
    {
        using var client = Client(url);
        await client.RunAsync("SELECT 1", null, Stream.Null, CancellationToken.None);
    }

    static SqlClient Client(Uri url)
    {
        var endpoints = new StandEndpoints { Kafka = "127.0.0.1:1", ClickHouse = url, ClickHouseUser = "me", Database = "shop" };
        return new SqlClient(endpoints, "TabSeparated", width: null, colour: false);
    }
}
