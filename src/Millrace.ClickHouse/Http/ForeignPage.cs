using System.Net;
using Microsoft.AspNetCore.Http;

namespace Millrace.ClickHouse.Http;

/// <summary>
/// Tells requests that a web page of another site made a browser send. The engine asks for no password and reads and writes files of the user who runs it,
/// and neither a POST of plain text nor the GET of an image or a link needs a preflight: any page that is open could send one. A POST carries Origin;
/// a GET without CORS and a link that is followed carry only Sec-Fetch-Site (https://w3c.github.io/webappsec-fetch-metadata/), which is none for an address
/// that was typed. ClickHouse's server has the same door, but keeps <c>file()</c> to a folder of its own.
/// </summary>
static class ForeignPage
{
    public const string Sentence = "Requests from web pages of other sites are refused: send the query from a program, or from a page on this machine.\n";

    /// <param name="loopbackOnly">Whether only loopback is listened on. A name other than localhost can then only be DNS rebinding.</param>
    public static bool Sent(HttpRequest request, bool loopbackOnly)
    {
        if (loopbackOnly && !IsThisMachine(request.Host.Host)) return true;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return request.Headers["Sec-Fetch-Site"] == "cross-site";
        return !Uri.TryCreate(origin, UriKind.Absolute, out var page) || !(IsThisMachine(page.Host) || page.Host == request.Host.Host);
    }

    static bool IsThisMachine(string host) =>
        host is "" or "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
