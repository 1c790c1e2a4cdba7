namespace Millrace.Streams.Events;

/// <summary>Begins sessions of the shop's users. A user keeps country and address from one to the next. For one thread.</summary>
sealed class SessionSource(EventRandom random)
{
    const int Users = 50_000;

    /// <summary>
    /// A random user's number times this, 32 bits wide, is the address: the same each time, and far from the next user's.
    /// </summary>
    const uint AddressSpread = 2_654_435_769;

    static readonly WeightedTexts Countries = new(
        ("DE", 18), ("US", 16), ("GB", 12), ("FR", 11), ("ES", 8), ("IT", 8),
        ("PL", 7), ("NL", 6), ("BR", 5), ("JP", 4), ("SE", 3), ("IN", 2));

    static readonly WeightedTexts Devices = new(("mobile", 58), ("desktop", 35), ("tablet", 7));

    static readonly WeightedTexts Referrers = new(
        ("google", 45), ("direct", 25), ("instagram", 12), ("newsletter", 8), ("bing", 5), ("partner", 5));

    public Session Begin()
    {
        var user = 1 + random.Below(Users);
        var userRandom = new EventRandom(user);
        return new Session(random.Uuid(), user, Address(user), Countries.Pick(userRandom), Devices.Pick(random), Referrers.Pick(random));
    }

    /// <summary>In 11.0.0.0 to 126.255.255.255: none of the private, loopback or multicast ranges (RFC 6890).</summary>
    static uint Address(int user)
    {
        var spread = unchecked((uint)user * AddressSpread);
        return ((11 + ((spread >> 24) % 116)) << 24) | (spread & 0x00FF_FFFF);
    }
}
