using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Millrace.Kafka.Broker;
using Millrace.Kafka.Broker.Basics;

namespace Millrace.Conformance.Crashes;

/// <summary>
/// The broker as a process: arguments are data directory and port; it prints its port when it serves, warns on stderr, and stops when its
/// input ends.
/// </summary>
static class BrokerProgram
{
    public static async Task Main(string[] arguments)
    {
        var options = new BrokerOptions { DataDirectory = arguments[0], Port = int.Parse(arguments[1], CultureInfo.InvariantCulture) };
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using var host = await BrokerHost.StartAsync(options, loggers, CancellationToken.None);
        Console.WriteLine(host.EndPoint.Port);
        await Console.In.ReadToEndAsync();
    }
}
