namespace Millrace.ClickHouse.Native;

/// <summary>
/// The stack on which a thread of .NET takes its signals. The engine puts one of its own in its place in each thread that asks it for the
/// first time (ThreadStack in ClickHouse's src/Common/ThreadStatus.cpp). .NET then doesn't know its own again when the thread ends, and
/// leaves it mapped (FreeSignalAlternateStack in dotnet/runtime's src/coreclr/pal/src/exception/signal.cpp): two mappings a query, so
/// that some 32,000 queries used up what Linux allows a process (vm.max_map_count), and it aborted.
/// </summary>
static unsafe class SignalStack
{
    /// <summary>In bytes, and more than the struct stack_t of any C library: glibc's has 24.</summary>
    const int StackSize = 64;

    /// <summary>Does what takes the stack's place, and puts it back.</summary>
    public static T Keep<T>(Func<T> call)
    {
        var stack = stackalloc byte[StackSize];
        var known = Libc.SignalStack(null, stack) == 0;
        try
        {
            return call();
        }
        finally
        {
            if (known) _ = Libc.SignalStack(stack, null);
        }
    }
}
