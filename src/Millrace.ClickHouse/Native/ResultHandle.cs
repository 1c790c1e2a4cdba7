using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>A chdb_result: what a statement left behind.</summary>
sealed unsafe class ResultHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    public string? Error => Marshal.PtrToStringUTF8((nint)Libchdb.ResultError(this));

    /// <summary>The result's bytes, valid while the handle lives.</summary>
    public ReadOnlySpan<byte> Data => new(Libchdb.ResultBuffer(this), checked((int)Libchdb.ResultLength(this)));

    protected override bool ReleaseHandle()
    {
        Libchdb.DestroyResult(handle);
        return true;
    }
}
