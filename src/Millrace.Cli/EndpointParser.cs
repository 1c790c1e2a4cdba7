using Millrace.Streams;

namespace Millrace.Cli;

/// <summary>Makes <see cref="StandEndpoints"/> of what users type.</summary>
static class EndpointParser
{
    /// <param name="clickHouse">http://user:password@host:port/database; what is left out is ClickHouse's default.</param>
    public static StandEndpoints Parse(string kafka, Uri clickHouse)
    {
        var (user, password) = Credentials(clickHouse);
        var database = Uri.UnescapeDataString(clickHouse.AbsolutePath.Trim('/'));
        return new StandEndpoints
        {
            Kafka = kafka,
            ClickHouse = new UriBuilder(clickHouse) { UserName = "", Password = "", Path = "/" }.Uri,
            ClickHouseUser = user,
            ClickHousePassword = password,
            Database = database.Length > 0 ? database : "default",
        };
    }

    static (string User, string Password) Credentials(Uri url)
    {
        var parts = url.UserInfo.Split(':', 2);
        var password = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : ClickHousePassword.Current;
        return (parts[0].Length > 0 ? Uri.UnescapeDataString(parts[0]) : "default", password);
    }
}
