using System.Globalization;
using System.Runtime.ExceptionServices;
using Millrace.ClickHouse.Native;

namespace Millrace.ClickHouse.Confining;

/// <summary>
/// What the process of the ClickHouse host may open, by the kernel's word: it is put in force before that process begins, so that no
/// thread of it was ever without (docs/decisions/0004-clickhouse-confinement.md). Immutable.
/// </summary>
/// <param name="DataDirectory">The host's own: read and written. Made when absent.</param>
/// <param name="LibraryPath">Full path of libchdb.so.</param>
/// <param name="Port">Of its HTTP interface; 0 for any free one.</param>
/// <param name="KafkaPort">The one TCP port it may connect to; null for any, since the brokers of somebody else's Kafka name their ports
/// themselves.</param>
/// <param name="AllowedFolders">Full paths of what a user opens to queries: read and written.</param>
public sealed record Confinement(string DataDirectory, string LibraryPath, int Port, int? KafkaPort, IReadOnlyList<string> AllowedFolders)
{
    /// <summary>Environment variable from whoever confines to the process that begins confined: the id of either.</summary>
    const string MarkVariable = "MILLRACE_CONFINED_BY";

    /// <summary>Environment variable: 1 leaves the host alone, as on a kernel without Landlock.</summary>
    const string OffVariable = "MILLRACE_UNCONFINED";

    /// <summary>With ABI 1 no file could move to another folder, as ClickHouse's parts do: kernels before 5.19.</summary>
    const int NeededVersion = 2;

    /// <summary>Of its HTTP interface, where <see cref="Port"/> is taken.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>The kernel can hold files back, and may.</summary>
    public static bool IsAvailable { get; } = Landlock.Version >= NeededVersion && Environment.GetEnvironmentVariable(OffVariable) != "1";

    /// <summary>This process began confined.</summary>
    public static bool IsInForce { get; } = Environment.GetEnvironmentVariable(MarkVariable) is { } mark
        && (mark == Id(Environment.ProcessId) || mark == Id(ProcessStart.ParentId()));

    /// <summary>What queries could do here for want of a newer kernel, in one sentence; null when nothing is missing.</summary>
    public static string? NotHeldBack => Landlock.Version switch
    {
        _ when !IsAvailable =>
            "The kernel does not confine ClickHouse (no Landlock of Linux 5.19, or MILLRACE_UNCONFINED=1): its function file() is closed, "
            + "but nothing holds back a query that gets around ClickHouse's own checks.",
        < 4 =>
            "This kernel confines ClickHouse's files, but not its TCP connections (Linux 6.7) and signals (6.12): "
            + "only ClickHouse's own checks keep queries from your other servers.",
        < 6 => "This kernel confines ClickHouse's files and TCP connections, but not its signals and abstract sockets (Linux 6.12).",
        _ => null,
    };

    /// <summary>
    /// Begins this very process anew, confined: same id, same arguments. Returns only where the kernel can't, or the process is confined
    /// already.
    /// </summary>
    public void BeginAnew()
    {
        if (!IsAvailable || IsInForce) return;
        Enforce();
        ProcessStart.Replace(Mark(Environment.ProcessId));
    }

    /// <summary>
    /// Starts a process that is confined from its first instruction; the caller is not, nor any other thread of this process.
    /// </summary>
    /// <param name="start">Gets what to add to the new process's environment; must start nothing but that process.</param>
    public T Start<T>(Func<IReadOnlyDictionary<string, string>, T> start)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(StartConfined) { Name = "confined start" };
        // Joined, not awaited: to complete a task here could make the thread pool grow by a thread that comes of this one.
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;

        void StartConfined()
        {
            try
            {
                if (IsAvailable) Enforce();
                result = start(IsAvailable ? Mark(Environment.ProcessId) : new Dictionary<string, string>());
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    Dictionary<string, string> Mark(int by) => new()
    {
        [MarkVariable] = Id(by),
        // Nothing else in /tmp is the host's business.
        ["TMPDIR"] = Temporary,
    };

    string Temporary => Path.Combine(DataDirectory, "tmp");

    void Enforce()
    {
        Directory.CreateDirectory(Temporary);
        using var rules = Landlock.RefuseAll(anyPort: KafkaPort is null);
        foreach (var folder in AllowedFolders.Prepend(DataDirectory)) rules.Allow(folder, FileRights.ReadAndWrite);
        rules.Allow(LibraryPath, FileRights.Read);
        foreach (var path in SystemFiles.Read) rules.Allow(path, FileRights.Read);
        foreach (var path in SystemFiles.Run) rules.Allow(path, FileRights.Read | FileRights.Execute);
        rules.Allow("/dev/null", FileRights.Read | FileRights.WriteFile);
        foreach (var port in OtherPorts.Prepend(Port)) rules.Allow(port, PortRights.Bind);
        if (KafkaPort is { } kafka) rules.Allow(kafka, PortRights.Connect);
        rules.Enforce();
    }

    static string Id(int process) => process.ToString(CultureInfo.InvariantCulture);
}
