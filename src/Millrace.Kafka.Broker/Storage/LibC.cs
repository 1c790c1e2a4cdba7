using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Kafka.Broker.Storage;

/// <summary>
/// The two calls of the operating system that .NET does not offer: opening a directory, and asking for the limit of open files.
/// </summary>
static class LibC
{
    const int ReadOnly = 0;

    /// <summary>O_CLOEXEC and RLIMIT_NOFILE differ between the two systems that the broker runs on.</summary>
    static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    static readonly int OpenFiles = OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>For fsync alone: a directory can't be read.</summary>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor >= 0) return new(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>
    /// The soft limit of open files, which .NET has raised to the hard one when it started (coreclr, pal/src/init/pal.cpp,
    /// INIT_IncreaseDescriptorLimit); null where the system does not say.
    /// </summary>
    public static long? LimitOfOpenFiles() =>
        GetLimit(OpenFiles, out var limit) == 0 ? (long)Math.Min(limit.Soft, long.MaxValue) : null;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    static extern int GetLimit(int resource, out ResourceLimit limit);

    /// <summary>struct rlimit of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly struct ResourceLimit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
