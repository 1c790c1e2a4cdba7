using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Apis;

/// <summary>
/// Reads the request body from the context, does what it asks and writes the response body. Called for one request of a connection at a
/// time.
/// </summary>
delegate ValueTask ApiHandler(RequestContext context);

/// <summary>One row of the <see cref="ApiTable"/>: which versions of an API are served (both inclusive), and by what.</summary>
/// <param name="FirstFlexible">First version with compact types and tagged fields (KIP-482); <see cref="NeverFlexible"/> for none.</param>
/// <param name="AdvertisedMinVersion">What ApiVersions says, where that is lower than what is served: see Produce.</param>
sealed record Api(ApiKey Key, short MinVersion, short MaxVersion, short FirstFlexible, ApiHandler Handle, short? AdvertisedMinVersion = null)
{
    public const short NeverFlexible = short.MaxValue;

    public bool Serves(short version) => version >= MinVersion && version <= MaxVersion;
}
