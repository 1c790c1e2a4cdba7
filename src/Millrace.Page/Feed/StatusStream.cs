using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Streams.Status;

namespace Millrace.Page.Feed;

/// <summary>
/// Sends status documents as server-sent events. A document is written to bytes once, however many watch. A reader that does not keep up
/// loses the oldest ones, and holds up nobody.
/// </summary>
sealed class StatusStream
{
    volatile Written? _last;

    public async Task SendAsync(HttpContext context, StatusHub hub, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var (feed, number) = Known(context.Request);
        using var subscription = hub.Subscribe(feed, number);
        // Whoever knows nothing yet gets the past as a table, from another address.
        var past = feed is null ? subscription.Past.TakeLast(1) : subscription.Past;
        await EventStream.SendAsync(context, EventsAsync(past, subscription, ended.Token), ended.Token).ConfigureAwait(false);
    }

    async IAsyncEnumerable<byte[]> EventsAsync(
        IEnumerable<StatusDocument> past, StatusSubscription subscription, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var document in past) yield return Bytes(document);
        await foreach (var document in subscription.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return Bytes(document);
    }

    /// <summary>The last document that the reader has, by a header of the browser's or, for the first connection, by the address.</summary>
    static (string? Feed, long Number) Known(HttpRequest request)
    {
        var id = request.Headers["Last-Event-ID"].ToString();
        if (id.Length == 0) id = request.Query["after"].ToString();
        var parts = id.Split('-');
        return parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (parts[0], number)
            : (null, 0);
    }

    byte[] Bytes(StatusDocument document)
    {
        if (_last is { } last && ReferenceEquals(last.Document, document)) return last.Bytes;
        var json = JsonSerializer.Serialize(document, StatusJson.Default.StatusDocument);
        var bytes = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"id: {document.Feed}-{document.Number}\ndata: {json}\n\n"));
        _last = new Written(document, bytes);
        return bytes;
    }

    sealed record Written(StatusDocument Document, byte[] Bytes);
}
