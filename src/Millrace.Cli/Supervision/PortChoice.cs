using System.Net;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Supervision;

/// <summary>The ports that a server of ours may take, the first that is free: it takes it itself, and says which. Immutable.</summary>
/// <param name="Others">Empty where the user wants that one and no other.</param>
sealed record PortChoice(int First, IReadOnlyList<int> Others)
{
    /// <summary>Enough: somebody would have to take all of them between the look at them and the server's start.</summary>
    const int FreeOnes = 4;

    /// <summary>The port is known before the server has taken it.</summary>
    public bool IsFixed => Others.Count == 0;

    /// <param name="service">For sentences, as <paramref name="option"/>.</param>
    /// <param name="wanted">0 for any.</param>
    /// <param name="last">What the server had when the stand was up last; null when nobody knows.</param>
    /// <param name="option">Wants it.</param>
    /// <exception cref="CliException">The wanted port is busy and no other will do, or no server could listen on the address.</exception>
    public static PortChoice Of(string service, IPAddress listen, int wanted, bool anyOther, int? last, string option)
    {
        if (wanted != 0 && !anyOther) return new PortChoice(Free(service, listen, wanted, option), []);
        var free = Enumerable.Range(0, FreeOnes).Select(_ => PortHolder.FindFree(listen));
        int[] ports = [.. free.Prepend(wanted).Prepend(last ?? 0).Where(port => port != 0).Distinct()];
        return new PortChoice(ports[0], ports[1..]);
    }

    static int Free(string service, IPAddress listen, int wanted, string option) => PortHolder.IsFree(listen, wanted)
        ? wanted
        : throw new CliException(
            ExitCodes.CannotStart,
            $"Port {wanted} for the service {service} is held by {PortHolder.Describe(wanted)}: stop that, "
            + $"or take another port with {option} N, or any free one with --any-port.");
}
