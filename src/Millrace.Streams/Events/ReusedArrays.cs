namespace Millrace.Streams.Events;

/// <summary>
/// Arrays that are exactly as long as what they hold, one of each length, for whoever is done with one before he asks for the next:
/// Confluent's producer takes nothing else, and librdkafka copies what it takes. For one thread.
/// </summary>
sealed class ReusedArrays
{
    /// <summary>Longer ones are made anew: events are shorter, but for what a definition lets grow.</summary>
    const int Longest = 4096;

    readonly byte[]?[] _byLength = new byte[]?[Longest + 1];

    /// <returns>An array that is good until the next call.</returns>
    public byte[] Filled(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest) return bytes.ToArray();
        var array = _byLength[bytes.Length] ??= new byte[bytes.Length];
        bytes.CopyTo(array);
        return array;
    }
}
