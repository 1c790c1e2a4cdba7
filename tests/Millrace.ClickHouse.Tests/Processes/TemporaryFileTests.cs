using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests.Processes;

/// <summary>The file in which wait_end_of_query=1 holds back what is larger than 1 MiB.</summary>
public sealed class TemporaryFileTests : IDisposable
{
    const string LargeResult = "/?wait_end_of_query=1&query=SELECT+number+FROM+numbers(1000000)";

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [MountFact]
    public async Task A_full_disk_is_an_error_with_code_text_and_a_line_in_the_log()
    {
        var temp = Directory.CreateDirectory(_directory.Sub("temp")).FullName;
        using var host = await HostProcess.Start(_directory.Sub("data"), temp: temp, launcher: MountFactAttribute.Launcher(temp));

        var answer = await Answer.Of(await host.Http.GetAsync(LargeResult));

        Assert.Equal((500, "243"), (answer.Status, answer.ErrorCode));
        Assert.Matches(
            $@"^Code: 243\. DB::Exception: No space left on device : '{temp}/[^']+': "
            + @"make room there, or ask without wait_end_of_query\. \(NOT_ENOUGH_SPACE\) \(version ",
            answer.Text);
        Assert.Equal("1", await host.Ask("SELECT 1"));
        await host.Stop();
        Assert.Matches(@"fail: .*failed in the host: Code: 243\.", await host.Log());
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_an_error_with_code_text_and_a_line_in_the_log()
    {
        var nowhere = _directory.Sub("nowhere");
        using var host = await HostProcess.Start(_directory.Sub("data"), temp: nowhere);

        var answer = await Answer.Of(await host.Http.GetAsync(LargeResult));

        Assert.Equal((500, "1002"), (answer.Status, answer.ErrorCode));
        Assert.StartsWith($"Code: 1002. DB::Exception: {nowhere} (UNKNOWN_EXCEPTION) (version ", answer.Text, StringComparison.Ordinal);
        Assert.Equal("1", await host.Ask("SELECT 1"));
        await host.Stop();
        Assert.Contains($"failed in the host: System.IO.DirectoryNotFoundException: {nowhere}", await host.Log(), StringComparison.Ordinal);
    }
}
