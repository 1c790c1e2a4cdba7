using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Millrace.Cli.Endpoints;

namespace Millrace.Cli.CommandLine;

/// <summary>The options that say where our own servers listen.</summary>
static class ServerOptions
{
    public static Option<IPAddress> Listen() => new("--listen")
    {
        HelpName = "ADDRESS",
        Description = "Address that our own servers listen on; 0.0.0.0 opens them to the network: "
            + $"ClickHouse with the password of {ClickHousePassword.DefaultVariable}, the broker without any.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
    };

    /// <param name="server">Whose port it is, for the help.</param>
    /// <param name="zero">What 0 stands for.</param>
    public static Option<int> Port(string name, string server, int port, string zero = "; 0 takes any free one") => new(name)
    {
        HelpName = "PORT",
        Description = $"TCP port of {server}{zero}.",
        DefaultValueFactory = _ => port,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() is < 0 or > IPEndPoint.MaxPort)
                    result.AddError($"{name} takes a port from 0 to {IPEndPoint.MaxPort}.");
            },
        },
    };

    static IPAddress ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text == "localhost") return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address)) return address;
        result.AddError($"--listen takes an IP address of this machine, such as 127.0.0.1 or 0.0.0.0, not '{text}'.");
        return IPAddress.None;
    }
}
