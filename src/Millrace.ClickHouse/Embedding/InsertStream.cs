using Millrace.ClickHouse.Native;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// The rows of one INSERT on their way into the engine. Disposing before <see cref="Complete"/> cancels: blocks already full stay, as in
/// ClickHouse. Calls block.
/// </summary>
sealed unsafe class InsertStream(InsertStreamHandle stream) : IDisposable
{
    /// <returns>False when the engine already refused the rows; <see cref="Complete"/> then tells why.</returns>
    public bool Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
            return Libchdb.StreamAppend(stream, pointer, (nuint)data.Length) == 0;
    }

    /// <exception cref="EngineException">The rows were not taken.</exception>
    public EngineResult Complete()
    {
        using var result = Libchdb.StreamDone(stream);
        return EngineSession.Read(result);
    }

    public void Dispose() => stream.Dispose();
}
