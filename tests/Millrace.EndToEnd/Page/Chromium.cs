using Microsoft.Playwright;

namespace Millrace.EndToEnd.Page;

/// <summary>Debian's Chromium without a window, for tests and for the benchmark of the page. Ended by whoever started it.</summary>
sealed class Chromium : IAsyncDisposable
{
    readonly IPlaywright _playwright;

    Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <exception cref="FileNotFoundException">There is none on PATH.</exception>
    public static async Task<Chromium> StartAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("chromium is not installed: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        // Root, as in a container, has no sandbox.
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
