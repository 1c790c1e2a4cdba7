using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Millrace.Streams.ClickHouse;

/// <summary>Makes the connection that every question to ClickHouse goes through: who asks, and whose certificates are trusted.</summary>
public static class ClickHouseHttp
{
    /// <summary>Without a limit of time: a query may take as long as it takes. The caller disposes it.</summary>
    public static HttpClient CreateClient(StandEndpoints endpoints)
    {
        var http = new HttpClient(CreateHandler(endpoints), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("X-ClickHouse-User", endpoints.ClickHouseUser);
        if (!endpoints.ClickHousePassword.IsEmpty)
            http.DefaultRequestHeaders.Add("X-ClickHouse-Key", endpoints.ClickHousePassword.Reveal());
        return http;
    }

    internal static SocketsHttpHandler CreateHandler(StandEndpoints endpoints)
    {
        var handler = new SocketsHttpHandler
        {
            // With http_proxy set, .NET asks the proxy even for this machine: https://github.com/dotnet/runtime/issues/31680
            UseProxy = !endpoints.ClickHouse.IsLoopback,
            // ClickHouse compares bytes; .NET by itself sends no header that is not ASCII.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        if (endpoints.ClickHouseAuthority is not { } authority) return handler;
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(authority);
        handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        return handler;
    }
}
