using System.Text.RegularExpressions;
using Millrace.Bench.Options;
using Millrace.Bench.Reports;
using Millrace.Testing;

namespace Millrace.Bench.Tests;

public sealed partial class ReportTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_asks_nobody_for_anything_and_holds_the_results_as_text()
    {
        var evil = Example.Latency("</script><img src=x>", 300, 310);
        var html = HtmlReport.Of(Example.Results(evil));

        Assert.DoesNotMatch(External(), html);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;/script&gt;&lt;img src=x&gt;", html, StringComparison.Ordinal);
        // The data, uPlot and what draws with it.
        Assert.Equal(3, html.Split("</script>").Length - 1);
    }

    [Fact]
    public void Markdown_has_the_median_and_from_where_to_where_the_runs_went()
    {
        var text = ReportFolder.Text(Example.Results(Example.Latency(300, 310, 400)));

        Assert.Contains(
            "| rate | runs | p99, ms | rows stored |\n| --- | --- | --- | --- |\n"
            + "| 1000 | 3 | 310 (300 to 400) | 30,000 |\n",
            text, StringComparison.Ordinal);
        Assert.Contains("| 1000 | broker | 4.20 | 140 | 70 |\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_that_are_there_stay_and_a_folder_that_is_none_is_told()
    {
        ReportFolder.Open(_folder.Sub("new/out")).Write(Example.Results());
        var again = Assert.Throws<BenchFailedException>(() => ReportFolder.Open(_folder.Sub("new/out")));
        Assert.Equal($"{_folder.Sub("new/out")} holds results already: name another folder with --out", again.Message);
        Assert.Equal(["report.html", "results.json", "results.md"],
            Directory.GetFiles(_folder.Sub("new/out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        File.WriteAllText(_folder.Sub("file"), "");
        var refused = Assert.Throws<BenchFailedException>(() => ReportFolder.Open(_folder.Sub("file/out")));
        Assert.StartsWith($"results can't be written to {_folder.Sub("file/out")} (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("make room or let it be written, or name another folder with --out", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What a browser would fetch; what it would only name, as in the licence of uPlot, is none.</summary>
    [GeneratedRegex("""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|\bimport\s*[("']""")]
    private static partial Regex External();
}
