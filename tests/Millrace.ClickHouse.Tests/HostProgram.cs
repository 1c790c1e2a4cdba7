using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Confining;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Options;

namespace Millrace.ClickHouse.Tests;

/// <summary>
/// The host as a process: arguments are the data directory, the port, the library and the session timeout of its consumers; it prints its
/// address, and stops when its input ends. One more argument makes it collect garbage first.
/// </summary>
static class HostProgram
{
    /// <summary>
    /// Environment variable: the host is confined, with this port open to connects and these folders to files, a colon between two.
    /// </summary>
    public const string ConfineVariable = "MILLRACE_TEST_CONFINE";

    static volatile bool _spins;
    static volatile int _turns;

    public static async Task<int> Main(string[] arguments)
    {
        var confine = Environment.GetEnvironmentVariable(ConfineVariable)?.Split(':');
        var folders = confine?[1..] ?? [];
        if (confine is not null)
            new Confinement(arguments[0], arguments[2], Number(arguments[1]), Number(confine[0]), folders).BeginAnew();
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        var options = new ClickHouseOptions
        {
            DataDirectory = arguments[0],
            Port = int.Parse(arguments[1], CultureInfo.InvariantCulture),
            LibraryPath = arguments[2],
            FileFolders = Confinement.IsInForce ? folders : null,
            Kafka = new KafkaClientOptions { SessionTimeoutMs = int.Parse(arguments[3], CultureInfo.InvariantCulture) },
        };
        try
        {
            await using var host = await ClickHouseHost.StartAsync(options, loggers, CancellationToken.None);
            Console.WriteLine($"serving {host.Url}");
            if (arguments.Length > 4) CollectBesideALoop();
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (ClickHouseStartException e)
        {
            Console.WriteLine($"refused {e.Message}");
            return 1;
        }
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // A loop that calls nothing: only by a signal can .NET suspend its thread, as a collection has to.
    static void CollectBesideALoop()
    {
        _spins = true;
        new Thread(() => { while (_spins) _turns++; }) { IsBackground = true }.Start();
        while (_turns < 1_000_000) Thread.Yield();
        GC.Collect();
        _spins = false;
        Console.WriteLine("collected");
    }
}
