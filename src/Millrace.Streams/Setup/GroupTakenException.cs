namespace Millrace.Streams.Setup;

/// <summary>
/// Somebody else reads in the stand's consumer group, so its tables would get a part of the records only. The message is one sentence with
/// what to do.
/// </summary>
public sealed class GroupTakenException(string group, string clientId, string host, string why) : Exception(
    $"The consumer group {group} is also read by {clientId} at {host}, {why}, and each of them would get a part of the records: " +
    "stop it, or choose another group with --group NAME");
