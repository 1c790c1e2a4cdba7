using System.Text.RegularExpressions;

namespace Millrace.Streams.Ddl;

/// <summary>
/// The mark that a comment in ClickHouse carries: whose the table or view is. An object without rows has the fingerprint of its statement
/// behind it, and nothing else in its comment, since it may be dropped for it. A table with rows is its user's to comment: there the mark
/// may stand anywhere.
/// </summary>
static partial class StandMark
{
    public static string OfTable(string stand) => $"millrace stand {stand}";

    public static string OfObject(string stand, string fingerprint) => $"{OfTable(stand)} {fingerprint}";

    /// <summary>The stand that a table with rows names; null when it names none.</summary>
    public static string? OwnerIn(string comment) =>
        TableForm().Match(comment) is { Success: true } match ? match.Groups["stand"].Value : null;

    /// <summary>What the comment of an object without rows says; null when it is none of ours. The first release named no stand.</summary>
    public static (string Stand, string Fingerprint)? ReadObject(string comment)
    {
        if (ObjectForm().Match(comment) is not { Success: true } match) return null;
        var stand = match.Groups["stand"] is { Success: true } named ? named.Value : StandIdentity.DefaultName;
        return (stand, match.Groups["fingerprint"].Value);
    }

    [GeneratedRegex(@"\bmillrace stand (?<stand>[a-zA-Z0-9][a-zA-Z0-9_-]{0,31})(?![a-zA-Z0-9_-])")]
    private static partial Regex TableForm();

    [GeneratedRegex(@"^millrace (stand (?<stand>[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}) )?(?<fingerprint>[0-9a-f]{16})\z")]
    private static partial Regex ObjectForm();
}
