using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Tests.ClickHouse;

public sealed class ClickHouseProxyTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8123/", false)]
    [InlineData("http://localhost:8123/", false)]
    [InlineData("http://[::1]:8123/", false)]
    [InlineData("http://clickhouse.example.com:8123/", true)]
    public void Only_a_ClickHouse_elsewhere_is_asked_through_a_proxy(string url, bool throughProxy)
    {
        using var handler = ClickHouseHttp.CreateHandler(new StandEndpoints { Kafka = "127.0.0.1:1", ClickHouse = new Uri(url) });
        Assert.Equal(throughProxy, handler.UseProxy);
    }
}
