using System.Net;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>The ports that a server of ours may take, the first that is free: it takes it itself, and says which. Immutable.</summary>
/// <param name="Wanted">What the user asked for; 0 for any.</param>
/// <param name="Others">Empty where the user wants the first and no other.</param>
sealed record PortChoice(int Wanted, int First, IReadOnlyList<int> Others)
{
    /// <summary>Enough: somebody would have to take all of them between the look at them and the server's start.</summary>
    const int FreeOnes = 4;

    /// <summary>The port is known before the server has taken it.</summary>
    public bool IsFixed => Others.Count == 0;

    /// <param name="service">For sentences, as <paramref name="option"/>.</param>
    /// <param name="wanted">0 for any.</param>
    /// <param name="option">Wants it.</param>
    /// <param name="last">What the server had when the stand was up last; null when nobody knows.</param>
    /// <exception cref="CliException">The wanted port is busy and no other will do, or no server could listen on the address.</exception>
    public static PortChoice Of(string service, StandOptions stand, int wanted, string option, TakenPort? last)
    {
        if (wanted != 0 && !stand.AnyPort) return new PortChoice(wanted, Free(service, stand.Listen, wanted, option), []);
        // What the server had when another one was wanted is of no use now.
        var before = last is { IsPort: true } && last.Wanted == wanted ? last.Taken : 0;
        var free = Enumerable.Range(0, FreeOnes).Select(_ => PortHolder.FindFree(stand.Listen));
        int[] ports = [.. free.Prepend(wanted).Prepend(before).Where(port => port != 0).Distinct()];
        return new PortChoice(wanted, ports[0], ports[1..]);
    }

    static int Free(string service, IPAddress listen, int wanted, string option) => PortHolder.IsFree(listen, wanted)
        ? wanted
        : throw new CliException(
            ExitCodes.CannotStart,
            $"Port {wanted} for the service {service} is held by {PortHolder.Describe(wanted)}: stop that, "
            + $"or take another port with {option} N, or any free one with --any-port.");
}
