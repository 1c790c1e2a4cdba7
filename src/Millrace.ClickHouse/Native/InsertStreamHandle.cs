using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>A chdb_insert_stream; releasing one that was not finished cancels its insert.</summary>
sealed unsafe class InsertStreamHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    public string? Error => Marshal.PtrToStringUTF8((nint)Libchdb.InsertStreamError(this));

    protected override bool ReleaseHandle()
    {
        Libchdb.DestroyInsertStream(handle);
        return true;
    }
}
