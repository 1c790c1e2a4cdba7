using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Compression;
using Millrace.ClickHouse.Errors;
using ZstdSharp;

namespace Millrace.ClickHouse.Http;

/// <summary>Unpacks what the client packed.</summary>
static class RequestBody
{
    /// <summary>A POST must say how much comes, as ClickHouse demands: without it a forgotten body would look like an empty one.</summary>
    /// <exception cref="EngineException">HTTP_LENGTH_REQUIRED.</exception>
    public static void RequireLength(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0) return;
        throw new EngineException(
            ErrorCodes.HttpLengthRequired, "HTTP_LENGTH_REQUIRED",
            "The Transfer-Encoding is not chunked and there is no Content-Length header for POST request.");
    }

    /// <exception cref="EngineException">A packing the host does not know.</exception>
    public static Stream Open(HttpRequest request, QueryRequest query)
    {
        var body = Unpack(request);
        return query.Decompress ? new DecompressingStream(body) : body;
    }

    /// <summary>Whether reading the body ended in <paramref name="e"/> because of what the client sent.</summary>
    public static bool IsUnreadable(HttpRequest request, Exception e) =>
        e is BadHttpRequestException or InvalidDataException or EndOfStreamException or ZstdException
        // What a BrotliStream throws over bytes that are no Brotli, and the decoder of LZ4 over a damaged block.
        || (IsOfADecoder(e) && request.Headers.ContentEncoding.ToString() is "br" or "lz4");

    static bool IsOfADecoder(Exception e) => e is ArgumentException || e.GetType() == typeof(InvalidOperationException);

    static Stream Unpack(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.Body,
        "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
        "zstd" => new DecompressionStream(request.Body),
        "lz4" => LZ4Stream.Decode(request.Body),
        var other => throw new EngineException(
            ErrorCodes.NotImplemented, "NOT_IMPLEMENTED",
            $"Content-Encoding {other} is not supported by the embedded ClickHouse: use one of {string.Join(", ", ResponseBody.Encodings)}."),
    };
}
