using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Http;

/// <summary>For requests that cost much: so many are answered at once, of all pages, and the others wait. Any thread may use it.</summary>
/// <param name="mostAtOnce">1 and more.</param>
sealed class Room(int mostAtOnce)
{
    readonly SemaphoreSlim _free = new(mostAtOnce);

    public RequestDelegate Answer(RequestDelegate answer) => async context =>
    {
        await _free.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            await answer(context).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    };
}
