using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;

namespace Millrace.Streams.Setup;

/// <summary>Refuses a ClickHouse that would lose records.</summary>
static partial class ClickHouseVersionCheck
{
    /// <summary>
    /// Since then queue tables are read only when all tables are loaded (https://github.com/ClickHouse/ClickHouse/pull/99700). Before, a
    /// restart can read a block while the parse view is there and the views behind its Null table are not. kafka_consumer_reschedule_ms is
    /// of 25.12.
    /// </summary>
    static readonly Version Oldest = new(26, 3, 1, 817);

    /// <exception cref="ServerTooOldException">It is older than <see cref="Oldest"/>.</exception>
    public static async Task RunAsync(ClickHouseClient client, Uri url, CancellationToken cancellation)
    {
        var answer = await client.QueryAsync<Answer>("SELECT version() AS version", cancellation: cancellation).ConfigureAwait(false);
        Require(answer[0].Version, url);
    }

    internal static void Require(string version, Uri url)
    {
        if (Parse(version) >= Oldest) return;
        throw new ServerTooOldException(
            $"ClickHouse at {url} is {version}, and {Oldest} or newer is needed: "
                + "when an older one restarts, it reads records before all views that store them are loaded, and loses them; update it");
    }

    /// <summary>Vendors put words behind the numbers: 26.3.2.1.altinitystable. What they leave out counts as the newest.</summary>
    static Version Parse(string version)
    {
        var numbers = Numbers().Matches(version).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).Take(4).ToList();
        return new Version(At(0), At(1), At(2), At(3));
        int At(int index) => index < numbers.Count ? numbers[index] : int.MaxValue;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    sealed record Answer(string Version);
}
