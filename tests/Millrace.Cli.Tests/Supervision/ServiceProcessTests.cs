using Millrace.Cli.Basics;
using Millrace.Cli.Supervision;
using Millrace.ClickHouse.Confining;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class ServiceProcessTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Whatever else it threw would end the supervision of the service, and <c>up</c> would wait for it for ever.</summary>
    [Fact]
    public void A_process_whose_folder_can_not_be_made_is_told_as_one_that_can_not_be_started()
    {
        // Only a kernel with Landlock confines, and so makes a folder.
        if (!Confinement.IsAvailable) return;
        File.WriteAllText(_directory.Sub("file"), "");
        var confinement = new Confinement(_directory.Sub("file"), "/lib/libchdb.so", 0, null, []);
        var launch = new ServiceLaunch("/bin/sh", ["-c", "exit 0"]) { Confinement = confinement };
        var spec = new ServiceSpec("clickhouse", [], _ => launch);

        var failed = Assert.Throws<CliException>(() => new ServiceProcess(spec, launch, new LineQueue("log", _ => { })));

        Assert.Equal(ExitCodes.CannotStart, failed.ExitCode);
        Assert.StartsWith("/bin/sh can't be started for the service clickhouse: ", failed.Message, StringComparison.Ordinal);
    }
}
