using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Millrace.Page.Http;

/// <summary>The files of the page, from the assembly: compressed once, and not sent again to a browser that has them.</summary>
static class PageFiles
{
    const string Folder = "wwwroot/";
    const string Document = "index.html";

    static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<string, Lazy<PageFile>> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], name => new Lazy<PageFile>(() => Load(name)));

    /// <summary>An address without a dot is a view of the page: its script finds out which.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            throw new RefusedException(StatusCodes.Status405MethodNotAllowed, "The page has nothing here to write to.");
        var path = context.Request.Path.Value!.TrimStart('/');
        if (path.StartsWith("api/", StringComparison.Ordinal))
            throw new RefusedException(StatusCodes.Status404NotFound, $"The page has no {context.Request.Path}.");
        if (!path.Contains('.', StringComparison.Ordinal)) path = Document;
        return Files.TryGetValue(path, out var file)
            ? SendAsync(context, file.Value)
            : throw new RefusedException(StatusCodes.Status404NotFound, $"The page has no {context.Request.Path}.");
    }

    static async Task SendAsync(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        headers.ETag = file.Tag;
        headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var zipped = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (zipped) headers.ContentEncoding = "gzip";
        headers.Vary = "Accept-Encoding";
        var bytes = zipped ? file.Zipped : file.Plain;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    static PageFile Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var plain = new byte[stream.Length];
        stream.ReadExactly(plain);
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(plain);
        return new PageFile(
            plain, zipped.ToArray(), Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"),
            $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}\"");
    }

    sealed record PageFile(byte[] Plain, byte[] Zipped, string Type, string Tag);
}
