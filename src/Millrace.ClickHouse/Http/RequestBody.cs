using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>Unpacks what the client packed.</summary>
static class RequestBody
{
    /// <exception cref="ClickHouseException">A packing the host does not know.</exception>
    public static Stream Open(HttpRequest request, QueryRequest query)
    {
        if (query.Decompress)
            throw new ClickHouseException(ErrorCodes.NotImplemented, "NOT_IMPLEMENTED", "decompress=1 is not supported by the embedded ClickHouse: send Content-Encoding: gzip instead.");
        return request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            var other => throw new ClickHouseException(
                ErrorCodes.NotImplemented, "NOT_IMPLEMENTED", $"Content-Encoding {other} is not supported by the embedded ClickHouse: use gzip, deflate or br."),
        };
    }
}
