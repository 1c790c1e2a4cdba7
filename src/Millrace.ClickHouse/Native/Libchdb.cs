using System.Runtime.InteropServices;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// libchdb's C API, as declared in chdb-core's programs/local/chdb.h. Calls block; every function may be called from any
/// thread, but one connection runs one statement at a time.
/// </summary>
static unsafe partial class Libchdb
{
    public const string Name = "chdb";

    /// <summary>0 keeps the engine's handlers off. With them on, the first NullReferenceException in .NET hangs the process.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_set_signal_handlers_enabled")]
    public static partial void SetSignalHandlersEnabled(int enabled);

    /// <summary>
    /// The first connection boots the engine, the last one closed stops it. Null when the engine does not start; why is in its log.
    /// </summary>
    [LibraryImport(Name, EntryPoint = "chdb_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint* Connect(int argc, string[] argv);

    [LibraryImport(Name, EntryPoint = "chdb_close_conn")]
    public static partial void CloseConnection(nint* connection);

    [LibraryImport(Name, EntryPoint = "chdb_query_with_params_n")]
    public static partial ResultHandle Query(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_query_result")]
    public static partial void DestroyResult(nint result);

    /// <summary>Null for a result without rows.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_result_buffer")]
    public static partial byte* ResultBuffer(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_length")]
    public static partial nuint ResultLength(ResultHandle result);

    /// <summary>Null when all went well. The result owns the text.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_result_error")]
    public static partial byte* ResultError(ResultHandle result);

    /// <summary>Rows of the result, despite the name; rows read from storage are <see cref="ResultStorageRowsRead"/>.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_result_rows_read")]
    public static partial ulong ResultRows(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_bytes_read")]
    public static partial ulong ResultBytes(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_storage_rows_read")]
    public static partial ulong ResultStorageRowsRead(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_storage_bytes_read")]
    public static partial ulong ResultStorageBytesRead(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_rows_written")]
    public static partial ulong ResultRowsWritten(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_bytes_written")]
    public static partial ulong ResultBytesWritten(ResultHandle result);

    /// <summary>Never null; whether the statement was accepted says <see cref="InsertStreamError"/>.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_stream_insert_with_params_n")]
    public static partial InsertStreamHandle StreamInsert(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    /// <summary>Copies the bytes; blocks while the engine is behind. 0 for success, 1 when the stream already failed.</summary>
    [LibraryImport(Name, EntryPoint = "chdb_stream_append")]
    public static partial int StreamAppend(InsertStreamHandle stream, byte* data, nuint length);

    [LibraryImport(Name, EntryPoint = "chdb_stream_done")]
    public static partial ResultHandle StreamDone(InsertStreamHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_stream_insert_error")]
    public static partial byte* InsertStreamError(InsertStreamHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_insert_stream")]
    public static partial void DestroyInsertStream(nint stream);

    [LibraryImport(Name, EntryPoint = "chdb_classify_query_n")]
    public static partial int Classify(
        nint connection, byte* sql, nuint sqlLength, byte* database, nuint databaseLength, QueryAnalysis* analysis);
}

/// <summary>chdb_query_analysis_v1: what a statement would do.</summary>
[StructLayout(LayoutKind.Sequential)]
struct QueryAnalysis
{
    /// <summary>Set by the caller to the size of this struct.</summary>
    public uint StructSize;

    /// <summary>0 for text that does not parse.</summary>
    public uint StatementCount;

    public uint Flags;
    public uint QueryClass;
}
