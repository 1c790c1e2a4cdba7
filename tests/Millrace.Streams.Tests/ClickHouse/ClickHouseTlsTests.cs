using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Streams.ClickHouse;
using Millrace.Testing;

namespace Millrace.Streams.Tests.ClickHouse;

/// <summary>A ClickHouse behind TLS, as far as a client can tell: a server with a certificate that only its owner's file vouches for.</summary>
public sealed class ClickHouseTlsTests : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    WebApplication? _server;

    string Authority => _directory.Sub("ca.pem");

    Uri Url => new($"{_server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/");

    public async Task InitializeAsync()
    {
        var certificate = NewCertificate();
        await File.WriteAllTextAsync(Authority, certificate.ExportCertificatePem());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _server = builder.Build();
        _server.Run(context => context.Response.WriteAsync("{\"number\":7}\n"));
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_certificate_that_the_given_file_vouches_for_is_trusted()
    {
        using var client = new ClickHouseClient(Endpoints(Authority));
        Assert.Equal([new Row(7)], await client.QueryAsync<Row>("SELECT 7 AS number"));
    }

    [Fact]
    public async Task Without_the_file_it_is_not()
    {
        using var client = new ClickHouseClient(Endpoints(null));
        await Assert.ThrowsAsync<ClickHouseUnavailableException>(() => client.QueryAsync<Row>("SELECT 7 AS number"));
        var untrusted = await Assert.ThrowsAsync<ClickHouseUnavailableException>(() =>
            client.WaitReadyAsync(TimeSpan.MaxValue, TimeProvider.System).WaitAsync(Eventually.DefaultLimit));
        Assert.Contains("no TLS with ClickHouse at https://", untrusted.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", untrusted.Message, StringComparison.Ordinal);
    }

    StandEndpoints Endpoints(string? authority) => new() { Kafka = "127.0.0.1:1", ClickHouse = Url, ClickHouseAuthority = authority };

    static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    sealed record Row(int Number);
}
