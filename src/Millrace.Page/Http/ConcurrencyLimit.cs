using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Http;

/// <summary>
/// For what costs much: so many are made at once, of all pages. The others wait for a place, and are refused when none comes free (503).
/// What is made is sent outside of it: whoever reads slowly holds no place. Any thread may use it.
/// </summary>
/// <param name="mostAtOnce">1 and more.</param>
/// <param name="patience">How long a request waits for its place.</param>
sealed class ConcurrencyLimit(int mostAtOnce, TimeSpan patience)
{
    /// <summary>A browser, or a proxy before it, gives up soon after.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly string RetryAfter = Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    readonly SemaphoreSlim _free = new(mostAtOnce);

    public ConcurrencyLimit(int mostAtOnce)
        : this(mostAtOnce, Patience)
    {
    }

    /// <exception cref="RefusedException">No place came free.</exception>
    public async Task<T> RunAsync<T>(HttpContext context, Func<Task<T>> make)
    {
        if (!await _free.WaitAsync(patience, context.RequestAborted).ConfigureAwait(false)) throw Refused(context);
        try
        {
            return await make().ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    RefusedException Refused(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        var sentence = string.Create(
            CultureInfo.InvariantCulture, $"{mostAtOnce} such requests are at work already, of all pages: try again in a few seconds.");
        return new(StatusCodes.Status503ServiceUnavailable, sentence);
    }
}
