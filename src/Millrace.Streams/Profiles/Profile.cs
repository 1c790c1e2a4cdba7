using Millrace.Secrets;

namespace Millrace.Streams.Profiles;

/// <summary>
/// What a profile file says of servers that somebody else runs: where they are, how to get in, and who the stand is there. What it does not
/// name is null. Immutable.
/// </summary>
/// <param name="Stand">As <see cref="StandIdentity.Name"/>.</param>
/// <param name="Group">As <see cref="StandIdentity.Group"/>.</param>
public sealed record Profile(KafkaProfile? Kafka, ClickHouseProfile? ClickHouse, string? Stand = null, string? Group = null);

/// <summary>How to reach Kafka. Immutable.</summary>
/// <param name="Properties">
/// What librdkafka needs beyond the address, by its names
/// (https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md).
/// </param>
/// <param name="ForClickHouse">How ClickHouse reaches the same Kafka; null: the same way.</param>
public sealed record KafkaProfile(string Bootstrap, IReadOnlyDictionary<string, Secret> Properties, QueueKafka? ForClickHouse);

/// <summary>How to reach ClickHouse. Immutable.</summary>
/// <param name="Authority">Full path of a PEM file with the certificates to trust; null: those that the machine trusts.</param>
public sealed record ClickHouseProfile(Uri Url, string User, Secret Password, string Database, string? Authority);
