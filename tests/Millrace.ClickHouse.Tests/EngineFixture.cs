using Microsoft.Extensions.Logging.Abstractions;
using Millrace.ClickHouse.Options;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests;

/// <summary>
/// The one host of this process: libchdb knows one path at a time, so every test here shares it, under table names of its own.
/// </summary>
public sealed class EngineFixture : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    ClickHouseHost? _host;

    /// <summary>Where ./millrace up puts the library.</summary>
    public static string LibraryPath { get; } = Environment.GetEnvironmentVariable("MILLRACE_LIBCHDB") ?? NewestLibrary();

    public ClickHouseHost Host => _host!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new ClickHouseOptions { DataDirectory = _directory.Sub("clickhouse"), LibraryPath = LibraryPath, Port = 0 };
        _host = await ClickHouseHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        Http = new HttpClient { BaseAddress = _host.Url };
    }

    /// <summary>POSTs a statement; <paramref name="parameters"/> is the query string without its question mark.</summary>
    public Task<Answer> Post(string body, string parameters = "") => Send(HttpMethod.Post, parameters, new StringContent(body));

    public Task<Answer> Get(string parameters) => Send(HttpMethod.Get, parameters, null);

    public async Task<Answer> Send(HttpMethod method, string parameters, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, $"/?{parameters}") { Content = body };
        return await Answer.Of(await Http.SendAsync(request));
    }

    /// <summary>What a good statement answers, without the line break at its end.</summary>
    public async Task<string> Ask(string statement, string parameters = "")
    {
        var answer = await Post(statement, parameters);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Text.TrimEnd('\n');
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _host!.DisposeAsync();
        _directory.Dispose();
    }

    static string NewestLibrary()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var libraries = Path.Combine(home, ".cache/millrace/libchdb");
        return Directory.GetFiles(libraries, "libchdb.so", SearchOption.AllDirectories).Order().Last();
    }
}

[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record Answer(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>ClickHouse's number of the error; null when there is none.</summary>
    public string? ErrorCode => Headers.GetValueOrDefault("X-ClickHouse-Exception-Code");

    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        using (response)
        {
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
            return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), headers);
        }
    }
}
