using System.IO.Pipelines;
using System.IO.Pipes;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// A result on its way out of the engine. The engine writes it with INTO OUTFILE into an anonymous pipe of the operating system,
/// whose 64 KiB hold it back while the reader is slow. chdb_stream_query would not do: each of its chunks is a whole document
/// (seen: a JSON object or a Parquet file for each 65,409 rows). A thread of its own carries the bytes to <see cref="Reader"/>.
/// </summary>
sealed class ResultPipe : IDisposable
{
    const int CopyBytes = 64 * 1024;

    readonly AnonymousPipeServerStream _stream = new(PipeDirection.In);
    readonly Pipe _pipe = new(new System.IO.Pipelines.PipeOptions(
        pauseWriterThreshold: 4 * CopyBytes, resumeWriterThreshold: 2 * CopyBytes, useSynchronizationContext: false));

    /// <summary>What the engine opens for writing: /dev/fd leads to the process's own descriptors on Linux and macOS.</summary>
    public string Path => $"/dev/fd/{_stream.ClientSafePipeHandle.DangerousGetHandle()}";

    /// <summary>Ends when the engine is done, well or not.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>
    /// Carries bytes until <see cref="CloseWriter"/> was called and the engine closed its end. A completed reader discards the rest.
    /// </summary>
    public Task CarryAsync() => EngineThread.RunAsync(() => Carry(_stream, _pipe.Writer));

    /// <summary>A stream that can't be read ends the reader with the error.</summary>
    internal static void Carry(Stream from, PipeWriter to)
    {
        try
        {
            CopyToEnd(from, to);
            to.Complete();
        }
        catch (IOException e)
        {
            to.Complete(e);
        }
    }

    static void CopyToEnd(Stream from, PipeWriter to)
    {
        var reading = true;
        while (true)
        {
            var count = from.Read(to.GetSpan(CopyBytes));
            if (count <= 0) return;
            if (!reading) continue;
            to.Advance(count);
            reading = !to.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted;
        }
    }

    /// <summary>Drops our copy of the writing end, once the engine will not open it any more.</summary>
    public void CloseWriter() => _stream.DisposeLocalCopyOfClientHandle();

    public void Dispose() => _stream.Dispose();
}
