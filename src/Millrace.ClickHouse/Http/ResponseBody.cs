using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Millrace.ClickHouse.Compression;

namespace Millrace.ClickHouse.Http;

/// <summary>Packs the answer as the client asked for. Open it after the other headers; disposing it ends the packing (Kestrel ignores that on its own stream), not the response.</summary>
static class ResponseBody
{
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
            _ => new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
        };
    }

    // In ClickHouse's order of preference, as far as .NET has the methods: chooseHTTPCompressionMethod in src/IO/CompressionMethod.cpp.
    static string? Accepted(string accept) => new[] { "br", "gzip", "deflate" }.FirstOrDefault(method => accept.Contains(method, StringComparison.OrdinalIgnoreCase));
}
