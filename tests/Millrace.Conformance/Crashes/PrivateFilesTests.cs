using System.Runtime.Versioning;
using Confluent.Kafka;
using Millrace.Conformance.Brokers;
using Millrace.Conformance.Clients;

namespace Millrace.Conformance.Crashes;

[UnsupportedOSPlatform("windows")]
[Collection(nameof(KafkaBrokers))]
public sealed class PrivateFilesTests
{
    const UnixFileMode Mode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Everything_the_broker_makes_is_for_its_user_alone_whatever_the_umask()
    {
        // 1. Topics, records, committed offsets and producer ids; a kill and a damaged end, so that something is set aside; a clean stop.
        using var broker = new BrokerProcess("umask 000");
        await broker.StartAsync();
        await Kcat.ProduceAsync(broker.Bootstrap, "t", ["a"]);
        await Kcat.ConsumeAsGroupAsync(broker.Bootstrap, "g", "t", 1);
        await InitProducerIdAsync(broker.Bootstrap);
        await broker.KillAsync();
        var torn = Directory.EnumerateFiles(broker.DataDirectory, "*.log", SearchOption.AllDirectories).First();
        await File.AppendAllTextAsync(torn, "torn");
        await broker.StartAsync();
        Assert.Equal(0, await broker.StopAsync());

        // 2. 0600 and 0700, all of it.
        Assert.Equal(Mode600 | UnixFileMode.UserExecute, File.GetUnixFileMode(broker.DataDirectory));
        foreach (var directory in Directory.EnumerateDirectories(broker.DataDirectory, "*", SearchOption.AllDirectories))
            Assert.Equal((directory, Mode600 | UnixFileMode.UserExecute), (directory, File.GetUnixFileMode(directory)));
        var files = Directory.EnumerateFiles(broker.DataDirectory, "*", SearchOption.AllDirectories).ToList();
        foreach (var file in files) Assert.Equal((file, Mode600), (file, File.GetUnixFileMode(file)));
        string[] names =
            [".lock", "producer-ids", "groups.journal", "meta.properties", "t.json", ".tail", ".index", ".kafka_cleanshutdown"];
        foreach (var expected in names)
            Assert.Contains(files, file => file.EndsWith(expected, StringComparison.Ordinal));
    }

    static async Task InitProducerIdAsync(string bootstrap)
    {
        using var producer =
            new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true }).Build();
        await producer.ProduceAsync("t", new() { Value = "b" });
    }
}
