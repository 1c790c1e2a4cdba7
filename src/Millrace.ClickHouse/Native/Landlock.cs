using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// Landlock, by which a thread without any privilege gives up access for itself and for all threads and processes that come of it, beyond
/// execve too: https://docs.kernel.org/userspace-api/landlock.html. Numbers are those of linux/landlock.h. A ruleset is filled, then put
/// in force, by one thread.
/// </summary>
sealed unsafe partial class Landlock : IDisposable
{
    const int CreateRuleset = 444, AddRule = 445, RestrictSelf = 446;
    const int PathBeneath = 1, NetPort = 2;
    const int VersionFlag = 1;
    const int SetNoNewPrivileges = 38, DropCapability = 24;
    const int LastCapability = 63;

    /// <summary>CHOWN, DAC_OVERRIDE, FOWNER, NET_BIND_SERVICE, SYS_NICE, SYS_RESOURCE: linux/capability.h.</summary>
    static readonly int[] KeptCapabilities = [0, 1, 3, 10, 23, 24];

    /// <summary>O_PATH | O_CLOEXEC.</summary>
    const int PathOnly = 0x200000 | 0x80000;

    readonly int _ruleset;
    readonly FileRights _files;

    Landlock(int ruleset, FileRights files) => (_ruleset, _files) = (ruleset, files);

    /// <summary>The kernel's ABI; 0 where it has none, or where a container does not let it through.</summary>
    public static int Version { get; } = OperatingSystem.IsLinux() ? Math.Max(0, (int)Call(CreateRuleset, null, 0, VersionFlag, 0)) : 0;

    /// <summary>
    /// Nothing is allowed that the kernel can refuse, until rules say so: files; from ABI 4 TCP; from ABI 6 signals and abstract sockets
    /// of processes outside.
    /// </summary>
    /// <param name="anyPort">TCP connects are left alone.</param>
    public static Landlock RefuseAll(bool anyPort)
    {
        var attributes = stackalloc ulong[3];
        var files = FilesOf(Version);
        attributes[0] = (ulong)files;
        attributes[1] = Version < 4 ? 0 : (ulong)(anyPort ? PortRights.Bind : PortRights.Bind | PortRights.Connect);
        // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL
        attributes[2] = Version < 6 ? 0u : 3u;
        return new Landlock((int)Checked(Call(CreateRuleset, attributes, 3 * sizeof(ulong), 0, 0)), files);
    }

    /// <summary>Allows something below a folder, or on a file. What is not there, or not for this user, needs no rule.</summary>
    public void Allow(string path, FileRights rights)
    {
        var descriptor = Open(path, PathOnly);
        if (descriptor < 0) return;
        // struct landlock_path_beneath_attr is packed: 8 bytes and 4.
        var rule = stackalloc byte[12];
        *(ulong*)rule = (ulong)((Directory.Exists(path) ? rights : rights & FileRights.OfFiles) & _files);
        *(int*)(rule + sizeof(ulong)) = descriptor;
        var result = Call(AddRule, (void*)_ruleset, PathBeneath, (nint)rule, 0);
        _ = Close(descriptor);
        Checked(result);
    }

    /// <summary>Allows a TCP port; 0 for binding to any free one.</summary>
    public void Allow(int port, PortRights rights)
    {
        if (Version < 4) return;
        var rule = stackalloc ulong[2];
        (rule[0], rule[1]) = ((ulong)rights, (ulong)port);
        Checked(Call(AddRule, (void*)_ruleset, NetPort, (nint)rule, 0));
    }

    /// <summary>From here on, for the calling thread and what comes of it. There is no way back.</summary>
    public void Enforce()
    {
        // Root keeps its say about files and the scheduler; what else capabilities open (CAP_PERFMON: every process's memory) goes at the
        // next execve. Refused to everybody else, who has none to lose.
        for (var capability = 0; capability <= LastCapability; capability++)
            if (!KeptCapabilities.Contains(capability)) _ = Prctl(DropCapability, capability, 0, 0, 0);
        Checked(Prctl(SetNoNewPrivileges, 1, 0, 0, 0));
        Checked(Call(RestrictSelf, (void*)_ruleset, 0, 0, 0));
    }

    public void Dispose() => _ = Close(_ruleset);

    // ABI 2 knows REFER (1 << 13), 3 TRUNCATE, 5 IOCTL_DEV; an older kernel refuses bits it does not know.
    static FileRights FilesOf(int version) => (FileRights)((1u << (version >= 5 ? 16 : version >= 3 ? 15 : 14)) - 1);

    static nint Checked(nint result) => result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : result;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, void* first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial nint Prctl(int option, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

/// <summary>LANDLOCK_ACCESS_FS_*.</summary>
[Flags]
enum FileRights : ulong
{
    Execute = 1 << 0,
    WriteFile = 1 << 1,
    ReadFile = 1 << 2,
    ReadFolder = 1 << 3,
    Truncate = 1 << 14,

    /// <summary>Those that a rule on a file may have.</summary>
    OfFiles = Execute | WriteFile | ReadFile | Truncate,

    Read = ReadFile | ReadFolder,

    /// <summary>All but to run programs, to make devices (6, 11) and to talk to them (15).</summary>
    ReadAndWrite = 0x7FFF & ~(Execute | 1 << 6 | 1 << 11),
}

/// <summary>LANDLOCK_ACCESS_NET_*.</summary>
[Flags]
enum PortRights : ulong
{
    Bind = 1 << 0,
    Connect = 1 << 1,
}
