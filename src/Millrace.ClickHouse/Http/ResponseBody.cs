using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>Packs the answer as the client asked for. Open it after the other headers; disposing it ends the packing (Kestrel ignores it on its own stream), not the response.</summary>
static class ResponseBody
{
    public static Stream Open(HttpContext context, QueryRequest query)
    {
        if (query.Compress)
            throw new ClickHouseException(ErrorCodes.NotImplemented, "NOT_IMPLEMENTED", "compress=1 is not supported by the embedded ClickHouse: ask for enable_http_compression=1 and Accept-Encoding: gzip instead.");
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
