using System.Net;

namespace Millrace.Streams.ClickHouse;

/// <summary>
/// Tells a statement that takes long from a server that does not answer:
/// as long as the server answers pings, a statement may take any time. Owns nothing; safe from any thread.
/// </summary>
/// <param name="http">Without a timeout of its own.</param>
/// <param name="server">ClickHouse's HTTP interface.</param>
public sealed class PingWatch(HttpClient http, Uri server, TimeProvider time)
{
    /// <summary>For one ping: a server under full load answers within a few milliseconds.</summary>
    static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(2);

    /// <summary>Between two pings; a statement that is answered sooner costs none.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>So many pings without an answer, one after the other, mean that nobody is there.</summary>
    const int MostUnanswered = 3;

    volatile HttpRequestException? _lastFailure;

    /// <summary>What the last ping that could not be sent failed of; null: none did.</summary>
    public HttpRequestException? LastFailure
    {
        get => _lastFailure;
        private set => _lastFailure = value;
    }

    /// <summary>Sends a request and waits for its answer as long as the server lives.</summary>
    /// <exception cref="ClickHouseUnavailableException">It does not, or the connection broke.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var silence = SilenceAsync(over.Token);
        try
        {
            var answer = http.SendAsync(request, completion, over.Token);
            if (await Task.WhenAny(answer, silence).ConfigureAwait(false) == answer) return await answer.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new ClickHouseUnavailableException(server, LastFailure);
        }
        catch (HttpRequestException e)
        {
            throw new ClickHouseUnavailableException(server, e);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await silence.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether the server answers at all.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(PingLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var response = await http.GetAsync(new Uri(server, "ping"), either.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException e)
        {
            LastFailure = e;
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Completes when the server has gone silent.</summary>
    async Task SilenceAsync(CancellationToken over)
    {
        for (var unanswered = 0; unanswered < MostUnanswered;)
        {
            await Task.Delay(Pause, time, over).ConfigureAwait(false);
            unanswered = await PingAsync(over).ConfigureAwait(false) ? 0 : unanswered + 1;
        }
    }
}
