using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Compression;
using Millrace.ClickHouse.Errors;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Millrace.ClickHouse.Http;

/// <summary>Unpacks what the client packed.</summary>
static class RequestBody
{
    /// <summary>
    /// 8 MiB, the most that a body sent as zstd may ask of its reader (RFC 9659): what a frame claims is allocated before its bytes are
    /// there. <c>zstd --ultra</c> and <c>--long</c> ask for more.
    /// </summary>
    const int ZstdMaxWindowLog = 23;

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

    /// <summary>What to say of <paramref name="unreadable"/> to whoever sent it.</summary>
    public static string Reason(Exception unreadable) =>
        unreadable is ZstdException { Code: ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge }
            ? "it asks for a window of more than 8 MiB: pack it with zstd without --ultra and --long"
            : unreadable.Message;

    static bool IsOfADecoder(Exception e) => e is ArgumentException || e.GetType() == typeof(InvalidOperationException);

    static DecompressionStream Zstd(Stream body)
    {
        var stream = new DecompressionStream(body);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdMaxWindowLog);
        return stream;
    }

    static Stream Unpack(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.Body,
        "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
        "zstd" => Zstd(request.Body),
        "lz4" => LZ4Stream.Decode(request.Body),
        var other => throw new EngineException(
            ErrorCodes.NotImplemented, "NOT_IMPLEMENTED",
            $"Content-Encoding {other} is not supported by the embedded ClickHouse: "
            + $"use one of {string.Join(", ", ResponseBody.Encodings)}."),
    };
}
