namespace Millrace.HttpAccess;

/// <summary>Why a request is not let in. Whoever answers adds what to do about it, in the way of the port. Immutable.</summary>
/// <param name="Reason">What came and what is accepted, without a full stop.</param>
/// <param name="PasswordHelps">It would be let in if the port had a password.</param>
public sealed record AccessRefusal(string Reason, bool PasswordHelps)
{
    /// <summary>The longest name in DNS has 253 characters; an answer need not repeat more of what was sent.</summary>
    const int LongestShown = 100;

    internal static AccessRefusal OfHost(string host, IEnumerable<string> accepted) => new(
        $"Host '{Shown(host)}' is not one that this port goes by ({string.Join(", ", accepted)}; with any port): "
        + "a web page may have given this address a name of its own",
        PasswordHelps: true);

    internal static AccessRefusal OfPage(string sign, IEnumerable<string> accepted) => new(
        $"{sign} says that a web page of another site made a browser ask: "
        + $"only pages of this machine may ({string.Join(", ", accepted)}; with any port)",
        PasswordHelps: false);

    /// <summary>What came, fit for one line.</summary>
    internal static string Shown(string came) =>
        string.Concat(
            came.Take(LongestShown).Select(letter => char.IsControl(letter) ? '?' : letter)) + (came.Length > LongestShown ? "…" : "");
}
