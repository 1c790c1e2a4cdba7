using Millrace.Secrets;
using Millrace.Streams;
using Millrace.Streams.Profiles;

namespace Millrace.Cli.Endpoints;

/// <summary>Makes <see cref="StandEndpoints"/> of what users type and of their profile.</summary>
static class EndpointParser
{
    /// <summary>A ClickHouse that the command does not ask: no such host can exist (RFC 2606).</summary>
    public static readonly Uri Nowhere = new("http://nowhere.invalid/");

    /// <param name="clickHouse">http://user:password@host:port/database; what is left out comes from <paramref name="profile"/>, or is
    /// ClickHouse's default.</param>
    public static StandEndpoints Parse(string kafka, Uri clickHouse, Profile? profile = null)
    {
        var user = clickHouse.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(clickHouse.AbsolutePath.Trim('/'));
        var endpoints = new StandEndpoints
        {
            Kafka = kafka,
            KafkaProperties = profile?.Kafka?.Properties ?? new Dictionary<string, Secret>(),
            ClickHouse = new UriBuilder(clickHouse) { UserName = "", Password = "", Path = "/" }.Uri,
            ClickHouseUser = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : profile?.ClickHouse?.User ?? "default",
            ClickHousePassword = user.Length > 1
                ? new Secret(Uri.UnescapeDataString(user[1]))
                : ClickHousePassword.OfUrl ?? profile?.ClickHouse?.Password ?? ClickHousePassword.Default,
            ClickHouseAuthority = profile?.ClickHouse?.Authority,
            Database = database.Length > 0 ? database : profile?.ClickHouse?.Database ?? "default",
        };
        return profile?.Kafka?.ForClickHouse is { } queueKafka ? endpoints with { QueueKafka = queueKafka } : endpoints;
    }
}
