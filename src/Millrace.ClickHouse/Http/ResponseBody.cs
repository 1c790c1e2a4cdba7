using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Compression;
using ZstdSharp;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Packs the answer as the client asked for. Open it after the other headers; disposing it ends the packing (Kestrel ignores that on its
/// own stream), not the response.
/// </summary>
static class ResponseBody
{
    /// <summary>
    /// What is served of ClickHouse's list, in its order of preference: chooseHTTPCompressionMethod in src/IO/CompressionMethod.cpp.
    /// </summary>
    public static readonly string[] Encodings = ["br", "gzip", "deflate", "zstd", "lz4"];

    /// <summary>The lowest of the ordinary levels, 1 to 22.</summary>
    const int FastestZstd = 1;

    public static Stream Open(HttpContext context, QueryRequest query)
    {
        if (query.Compress) return new CompressingStream(context.Response.Body);
        var encoding = query.HttpCompression ? Accepted(context.Request.Headers.AcceptEncoding.ToString()) : null;
        if (encoding is null) return context.Response.Body;
        context.Response.Headers.ContentEncoding = encoding;
        return encoding switch
        {
            "gzip" => new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new CompressionStream(context.Response.Body, FastestZstd, leaveOpen: true),
            "lz4" => LZ4Stream.Encode(context.Response.Body, leaveOpen: true),
            _ => new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
        };
    }

    static string? Accepted(string accept) =>
        Encodings.FirstOrDefault(method => accept.Contains(method, StringComparison.OrdinalIgnoreCase));
}
