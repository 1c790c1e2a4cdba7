namespace Millrace.ClickHouse.Native;

/// <summary>
/// SIGRTMIN, by which .NET suspends a thread, as each garbage collection may have to (INJECT_ACTIVATION_SIGNAL in dotnet/runtime's
/// src/coreclr/pal). The engine takes it for system.stack_trace when it boots (STACK_TRACE_SERVICE_SIGNAL in ClickHouse's
/// src/Storages/System/StorageSystemStackTrace.cpp), whatever chdb_set_signal_handlers_enabled says. A collection then waits for ever for a
/// loop without calls; and the engine's handler may allocate (thread-local storage, at its first use in a thread), which hung the process
/// where the signal came in the middle of malloc.
/// </summary>
static unsafe class SuspensionSignal
{
    /// <summary>In bytes, and more than the struct sigaction of any C library: glibc's has 152.</summary>
    const int ActionSize = 512;

    /// <summary>Does what takes the signal, and gives it back to .NET.</summary>
    public static T Keep<T>(Func<T> boot)
    {
        var signal = Libc.FirstRealtimeSignal();
        var action = stackalloc byte[ActionSize];
        var known = Libc.SignalAction(signal, null, action) == 0;
        var result = boot();
        if (known) _ = Libc.SignalAction(signal, action, null);
        return result;
    }
}
