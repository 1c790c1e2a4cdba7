using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>What .NET has no call for.</summary>
static partial class Libc
{
    /// <summary>_exit(2): ends the process without the destructors and atexit functions of its libraries.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int exitCode);
}
