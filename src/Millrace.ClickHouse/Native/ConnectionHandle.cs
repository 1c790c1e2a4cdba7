using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>A chdb_connection*: one session of the engine. Not safe for two threads at once.</summary>
sealed unsafe class ConnectionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>What the other functions take: they want the connection by value, chdb_connect returns a pointer to it.</summary>
    public nint Connection => *(nint*)handle;

    /// <returns>An invalid handle when the engine refuses.</returns>
    public static ConnectionHandle Open(params string[] arguments)
    {
        var connection = new ConnectionHandle();
        connection.SetHandle((nint)Libchdb.Connect(arguments.Length, arguments));
        return connection;
    }

    protected override bool ReleaseHandle()
    {
        Libchdb.CloseConnection((nint*)handle);
        return true;
    }
}
