using Millrace.Streams;

namespace Millrace.Cli.Endpoints;

/// <summary>
/// Where the two servers are and who the stand is there, without any password: those come from the profile and the environment. Immutable.
/// </summary>
/// <param name="Kafka">Bootstrap string.</param>
/// <param name="Profile">Full path of the profile that the clients read; null when there is none.</param>
sealed record UnresolvedEndpoints(string Kafka, Uri ClickHouse, string? Profile, StandIdentity Identity)
{
    /// <exception cref="Streams.Definition.StreamDefinitionException">The profile can't be used.</exception>
    public StandEndpoints Resolve() =>
        EndpointParser.Parse(Kafka, ClickHouse, ProfileOption.Load(Profile)) with { Identity = Identity };
}
