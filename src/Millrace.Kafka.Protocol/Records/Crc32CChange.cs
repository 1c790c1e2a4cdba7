namespace Millrace.Kafka.Protocol.Records;

/// <summary>
/// Tells the CRC-32C of bytes of which the first few are replaced from the one they had, without reading those that stay.
/// </summary>
/// <remarks>
/// A CRC is linear: the checksums of two texts of one length differ by what their difference gives, and bytes that are the same in both
/// only multiply it, each by x^8 modulo the polynomial (Ross N. Williams, "A painless guide to CRC error detection algorithms"; zlib's
/// crc32_combine is the same). Immutable.
/// </remarks>
public readonly struct Crc32CChange
{
    /// <summary>The polynomial of Castagnoli with the lowest power in the highest bit, x^32 left out.</summary>
    const uint Polynomial = 0x82f63b78;

    /// <summary>The polynomial 1 in that order of bits.</summary>
    const uint One = 1u << 31;

    /// <summary>x to the power of 8, 16, 32... modulo the polynomial: one for each bit of a length.</summary>
    static readonly uint[] PowersOfByte = Powers();

    /// <summary>x to the power of 8 times the bytes that stay.</summary>
    readonly uint _factor = One;

    /// <param name="stay">Bytes that follow those that are replaced, at least 0. The cost is that of its bits, not of the bytes.</param>
    public Crc32CChange(int stay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stay);
        for (var bit = 0; stay >> bit != 0; bit++)
            if ((stay >> bit & 1) != 0) _factor = Multiply(_factor, PowersOfByte[bit]);
    }

    /// <summary>The checksum of <paramref name="after"/> and the bytes that stay.</summary>
    /// <param name="crc">That of <paramref name="before"/> and the same bytes.</param>
    /// <param name="after">As long as <paramref name="before"/>.</param>
    public uint Apply(uint crc, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(after.Length, before.Length);
        return crc ^ Multiply(Crc32C.Compute(before) ^ Crc32C.Compute(after), _factor);
    }

    static uint[] Powers()
    {
        var powers = new uint[31];
        powers[0] = One >> 8;
        for (var i = 1; i < powers.Length; i++) powers[i] = Multiply(powers[i - 1], powers[i - 1]);
        return powers;
    }

    static uint Multiply(uint a, uint b)
    {
        var product = 0u;
        for (; a != 0; a <<= 1)
        {
            if ((a & One) != 0) product ^= b;
            b = (b & 1) == 0 ? b >> 1 : b >> 1 ^ Polynomial;
        }
        return product;
    }
}
