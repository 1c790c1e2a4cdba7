using System.Text;
using Millrace.Cli.Basics;
using Millrace.Cli.Sql;

namespace Millrace.Cli.Tests.Sql;

public sealed class ResultTailTests
{
    const string Tag = "PU1FNUFH98";

    [Fact]
    public async Task A_result_that_was_broken_off_becomes_clickhouses_own_words()
    {
        var text = "Code: 395. DB::Exception: Value passed to 'throwIf' function is non-zero";
        var result = $"1\n2\n\r\n__exception__\r\n{Tag}\r\n{text}\n{text.Length} {Tag}\r\n__exception__\r\n";
        var broken = await Assert.ThrowsAsync<CliException>(() => CopyAsync(result, Tag));
        Assert.Equal(text, broken.Message);
        Assert.Equal(ExitCodes.Failed, broken.ExitCode);
    }

    [Fact]
    public async Task A_whole_result_passes_unchanged_whatever_its_size()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 100_000));
        Assert.Equal(rows, await CopyAsync(rows, Tag));
    }

    [Fact]
    public async Task A_value_that_looks_like_the_marker_is_a_value()
    {
        const string rows = "x\r\n__exception__\r\nWRONGTAG00\r\n4 WRONGTAG00\r\n__exception__\r\n";
        Assert.Equal(rows, await CopyAsync(rows, Tag));
    }

    [Fact]
    public async Task A_server_without_the_tag_is_believed() => Assert.Equal("__exception__", await CopyAsync("__exception__", null));

    static async Task<string> CopyAsync(string body, string? tag)
    {
        using var output = new MemoryStream();
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(body));
        await new ResultTail(tag).CopyAsync(input, output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
