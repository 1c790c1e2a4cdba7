using System.Net;
using System.Net.Sockets;
using Millrace.Cli.Basics;
using Millrace.Cli.Endpoints;
using Millrace.Cli.Roles;
using Millrace.HttpAccess;

namespace Millrace.Cli.Tests.Endpoints;

public sealed class ExposureTests
{
    [Theory]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.2", false, false)]
    [InlineData("::1", false, false)]
    [InlineData("0.0.0.0", false, true)]
    [InlineData("0.0.0.0", true, false)]
    public void ClickHouse_may_be_open_with_a_password_or_where_the_user_says_so(string listen, bool hasPassword, bool insecure) =>
        Exposure.RequirePassword(IPAddress.Parse(listen), hasPassword, insecure);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.7")]
    public void Otherwise_it_is_refused_with_what_to_do(string listen)
    {
        var refused = Assert.Throws<CliException>(
            () => Exposure.RequirePassword(IPAddress.Parse(listen), hasPassword: false, insecure: false));

        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Equal(
            $"--listen {listen} opens ClickHouse to the network without a password: set MILLRACE_CLICKHOUSE_PASSWORD, "
            + "or add --insecure where everybody who reaches this machine may read and change its tables.",
            refused.Message);
    }

    [Fact]
    public void What_is_open_is_told_in_one_sentence()
    {
        var here = IPAddress.Parse("192.0.2.7");
        Assert.Equal(
            "Open to the network: Kafka at 192.0.2.7:9092 has no password, so whoever reaches it can read and write every topic; "
            + "ClickHouse at 192.0.2.7:8123 has no password, so whoever reaches it can read and change every table.",
            Exposure.Sentence(here, [BrokerRole.WhatIsOpen(here, 9092), ClickHouseRole.WhatIsOpen(here, 8123, hasPassword: false)]));

        Assert.Equal(
            "Open to the network: ClickHouse at 192.0.2.7:8123 asks for its password, which travels unencrypted.",
            Exposure.Sentence(here, [ClickHouseRole.WhatIsOpen(here, 8123, hasPassword: true)]));
        Assert.Null(Exposure.Sentence(here, []));
        Assert.Null(Exposure.Sentence(IPAddress.Loopback, [BrokerRole.WhatIsOpen(IPAddress.Loopback, 9092)]));
    }

    [Fact]
    public void A_server_that_listens_on_all_addresses_is_shown_at_those_of_this_machine()
    {
        var network = ThisMachine.NetworkAddresses().Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .ToList();

        Assert.Equal(
            string.Join(", ", (network.Count > 0 ? network : [IPAddress.Loopback]).Select(address => $"{address}:9092")),
            Exposure.Addresses(IPAddress.Any, 9092));
        Assert.Equal("[::1]:9092", Exposure.Addresses(IPAddress.IPv6Loopback, 9092));
    }
}
