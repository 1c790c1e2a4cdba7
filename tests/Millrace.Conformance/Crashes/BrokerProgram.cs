using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker;

namespace Millrace.Conformance.Crashes;

/// <summary>The broker as a process: arguments are data directory and port; it prints its port when it serves, and stops when its input ends.</summary>
static class BrokerProgram
{
    public static async Task Main(string[] arguments)
    {
        var options = new BrokerOptions { DataDirectory = arguments[0], Port = int.Parse(arguments[1], CultureInfo.InvariantCulture) };
        await using var host = await BrokerHost.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine(host.EndPoint.Port);
        await Console.In.ReadToEndAsync();
    }
}
