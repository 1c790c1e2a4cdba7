using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>What .NET has no call for.</summary>
static partial class Libc
{
    /// <summary>_exit(2): ends the process without the destructors and atexit functions of its libraries.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int exitCode);

    /// <summary>SIGRTMIN, a number that the C library chooses.</summary>
    [LibraryImport("libc", EntryPoint = "__libc_current_sigrtmin")]
    public static partial int FirstRealtimeSignal();

    /// <summary>
    /// sigaction(2). A null <paramref name="action"/> changes nothing, a null <paramref name="previous"/> asks for nothing.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "sigaction")]
    public static unsafe partial int SignalAction(int signal, byte* action, byte* previous);

    /// <summary>
    /// sigaltstack(2), of the calling thread. A null <paramref name="stack"/> changes nothing, a null <paramref name="previous"/> asks for
    /// nothing.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    public static unsafe partial int SignalStack(byte* stack, byte* previous);
}
