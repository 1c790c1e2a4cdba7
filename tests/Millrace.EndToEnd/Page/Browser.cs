using Microsoft.Playwright;
using Millrace.Testing;

namespace Millrace.EndToEnd.Page;

/// <summary>Debian's Chromium, one for all tests of a class; each test opens windows of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>On a machine with little to spare, as Playwright's own limit of 5 s is not.</summary>
    static readonly float Limit = (float)Eventually.DefaultLimit.TotalMilliseconds;

    Chromium? _chromium;

    /// <summary>Nothing where there is none: the tests that need it are skipped, or fail with a sentence.</summary>
    public async Task InitializeAsync()
    {
        if (Prerequisites.Missing(Prerequisite.Chromium) is not null) return;
        _chromium = await Chromium.StartAsync();
        Assertions.SetDefaultExpectTimeout(Limit);
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
    }

    /// <summary>A window, in which a mistake of a script fails the test at its next step.</summary>
    public async Task<IPage> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        if (_chromium is null) throw new InvalidOperationException(Prerequisites.Missing(Prerequisite.Chromium));
        options ??= new() { Locale = "en-US", ViewportSize = new() { Width = 1400, Height = 1000 } };
        var context = await _chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Limit);
        var window = await context.NewPageAsync();
        await window.GotoAsync(address.ToString());
        return window;
    }
}
