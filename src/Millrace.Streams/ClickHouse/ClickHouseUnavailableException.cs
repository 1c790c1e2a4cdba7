using System.Security.Authentication;

namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse gave no answer. The message is one sentence with the address and what to look at.</summary>
public sealed class ClickHouseUnavailableException(Uri url, Exception? cause = null)
    : ClickHouseTroubleException(Sentence(url, cause), cause)
{
    /// <summary>Waiting longer can't help: the two agree on no TLS.</summary>
    internal static bool IsLasting(Exception? cause) => cause?.InnerException is AuthenticationException;

    static string Sentence(Uri url, Exception? cause)
    {
        var reason = cause is null ? "" : $" ({cause.GetBaseException().Message.TrimEnd('.')})";
        return IsLasting(cause)
            ? $"no TLS with ClickHouse at {url}{reason}: see url and ca in the profile"
            : $"no answer from ClickHouse at {url}{reason}: is it running, and is the address right?";
    }
}
