using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Page.Tests;

public sealed partial class FilesTests
{
    /// <summary>Of uPlot 1.6.32, dist/uPlot.iife.min.js, as npm serves it.</summary>
    const string PlotHash = "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f";

    static readonly string Root = Path.Combine(Repository.Root, "src", "Millrace.Page", "wwwroot");

    [Fact]
    public void All_of_the_page_is_smaller_than_120_kB_compressed() =>
        Assert.InRange(Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Sum(Compressed), 10_000, 120_000);

    [Fact]
    public void The_one_file_of_somebody_elses_is_the_one_that_was_looked_at() => Assert.Equal(
        PlotHash, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Root, "vendor", "uPlot.iife.min.js")))));

    [Fact]
    public async Task A_browser_that_has_a_file_is_not_sent_it_again()
    {
        await using var page = await RunningPage.StartAsync();
        using var first = await page.Client.GetAsync("/js/main.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/js/main.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await page.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public void Everything_the_page_says_is_said_in_Russian_too()
    {
        var russian = RussianKey().Matches(File.ReadAllText(Path.Combine(Root, "js", "russian.js"))).Select(key => key.Groups[1].Value).ToHashSet();
        var said = Directory.EnumerateFiles(Path.Combine(Root, "js"), "*.js", SearchOption.AllDirectories)
            .SelectMany(file => Said().Matches(File.ReadAllText(file))).Select(text => text.Groups[1].Value);
        Assert.Equal([], said.Distinct().Except(russian).Order());
    }

    [Fact]
    public void No_script_makes_markup_of_a_text()
    {
        string[] forbidden = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"];
        var scripts = Directory.EnumerateFiles(Path.Combine(Root, "js"), "*.js", SearchOption.AllDirectories);
        Assert.Equal([], scripts.Where(file => forbidden.Any(File.ReadAllText(file).Contains)));
    }

    /// <summary>A browser would find one import after the other, and ask for each in a round of its own.</summary>
    [Fact]
    public void The_document_names_every_module_so_that_a_browser_asks_for_all_at_once()
    {
        var modules = Directory.EnumerateFiles(Path.Combine(Root, "js"), "*.js", SearchOption.AllDirectories)
            .Select(file => $"/{Path.GetRelativePath(Root, file)}").Except(["/js/theme.js", "/js/main.js"]);
        var named = Preloaded().Matches(File.ReadAllText(Path.Combine(Root, "index.html"))).Select(link => link.Groups[1].Value);
        Assert.Equal(modules.Order(), named.Order());
    }

    static long Compressed(string file)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(File.ReadAllBytes(file));
        return zipped.Length;
    }

    /// <summary>A text that is translated, or the title of a view.</summary>
    [GeneratedRegex(@"(?:\bt\(|title: )'((?:[^'\\]|\\.)+)'")]
    private static partial Regex Said();

    [GeneratedRegex("<link rel=\"modulepreload\" href=\"([^\"]+)\">")]
    private static partial Regex Preloaded();

    [GeneratedRegex(@"^\s*'((?:[^'\\]|\\.)+)':", RegexOptions.Multiline)]
    private static partial Regex RussianKey();
}
