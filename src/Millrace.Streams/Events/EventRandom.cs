using System.Numerics;

namespace Millrace.Streams.Events;

/// <summary>
/// Random numbers that a seed repeats, on every machine and every .NET:
/// xoshiro256** (https://prng.di.unimi.it/xoshiro256starstar.c). For one thread.
/// </summary>
sealed class EventRandom
{
    ulong _s0;
    ulong _s1;
    ulong _s2;
    ulong _s3;

    public EventRandom(int seed)
    {
        var state = unchecked((ulong)seed);
        (_s0, _s1, _s2, _s3) = (Mix(ref state), Mix(ref state), Mix(ref state), Mix(ref state));
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>From 0, inclusive, to <paramref name="bound"/>, exclusive.</summary>
    public ulong Below(ulong bound) => Math.BigMul(Next(), bound, out _);

    /// <inheritdoc cref="Below(ulong)"/>
    public int Below(int bound) => (int)Below((ulong)bound);

    /// <summary>True as often as <paramref name="share"/> says, from 0 (never) to 1 (always).</summary>
    public bool Chance(double share) => Unit() < share;

    /// <summary>From 0, inclusive, to 1, exclusive.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A version 4 UUID (RFC 9562, section 5.4).</summary>
    public Guid Uuid()
    {
        var high = (Next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000;
        var low = (Next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        return new Guid((uint)(high >> 32), (ushort)(high >> 16), (ushort)high, (byte)(low >> 56), (byte)(low >> 48), (byte)(low >> 40),
            (byte)(low >> 32), (byte)(low >> 24), (byte)(low >> 16), (byte)(low >> 8), (byte)low);
    }

    /// <summary>SplitMix64, which xoshiro's authors advise to fill its state with.</summary>
    static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
