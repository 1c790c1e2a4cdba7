using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Cli.Storage;

/// <summary>Calls of Linux that .NET has no counterpart for. Any thread may call.</summary>
static partial class Libc
{
    /// <summary>errno of open(2) with O_NOFOLLOW on a symbolic link.</summary>
    public const int TooManyLinks = 40;

    /// <summary>errno: no such file, or a file where a folder should be.</summary>
    public const int NoEntry = 2, NoFolder = 20;

    /// <summary>errno: the file's rights don't allow it.</summary>
    public const int NotAllowed = 13;

    const int HeldElsewhere = 11; // EWOULDBLOCK
    const int StopSignal = 19, ContinueSignal = 18; // signal(7), on x86 and ARM
    const int ExclusiveNow = 2 | 4; // LOCK_EX | LOCK_NB

    /// <summary>What this process makes from now on is for its user alone: files 0600, folders 0700. Its children inherit that.</summary>
    public static void KeepNewFilesPrivate() => _ = SetMask(0b000_111_111);

    /// <summary>Whose rights this process has: geteuid(2).</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint User();

    /// <summary>
    /// Stops a process where it stands, or lets it go on: kill(2) with SIGSTOP or SIGCONT. One that is gone is passed over.
    /// </summary>
    public static void Freeze(int pid, bool frozen) => _ = Kill(pid, frozen ? StopSignal : ContinueSignal);

    /// <summary>
    /// Takes the lock of an open file, without waiting; it goes with the last descriptor of that open(2), however the process ends.
    /// </summary>
    /// <returns>false when another holds it; a file system without locks lets everybody pass.</returns>
    public static bool TryLock(SafeFileHandle file) => Lock(file, ExclusiveNow) == 0 || Marshal.GetLastPInvokeError() != HeldElsewhere;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static unsafe partial int Stat(int folder, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
