using System.Text.RegularExpressions;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Http;

/// <summary>Says what to do next where something is closed that a ClickHouse server would open.</summary>
static partial class Refusal
{
    const string Files = "file() opens what lies in user_files of the stand's data directory, "
        + "and the folders that `up` is given with --allow-files DIR.";

    const string NoFiles = "file() is closed where the kernel has no Landlock: "
        + "send the rows by POST, or use a ClickHouse server with --clickhouse URL.";

    const string Elsewhere = "the embedded ClickHouse runs no programs and reaches no server but the stand's Kafka. "
        + "Send the rows by POST, or use a ClickHouse server with --clickhouse URL.";

    public static EngineException Of(SideDoor door, bool filesAreConfined) => door.Kind switch
    {
        SideDoorKind.IntoOutfile => new EngineException(
            ErrorCodes.IntoOutfileNotAllowed, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed."),
        SideDoorKind.FromInfile => new EngineException(
            ErrorCodes.UnknownTypeOfQuery, "UNKNOWN_TYPE_OF_QUERY", "FROM INFILE is not allowed: the file would be the server's."),
        SideDoorKind.File => Denied(filesAreConfined ? Files : NoFiles),
        _ => Denied($"{door.Name} is closed: {Elsewhere}"),
    };

    public static EngineException Unreadable() =>
        Denied("What this statement opens can't be told: send one statement, in plain ClickHouse SQL.");

    /// <summary>In ClickHouse's words (ContextAccess in its src/Access/ContextAccess.cpp).</summary>
    public static EngineException ReadOnly() => new(
        ErrorCodes.ReadOnly,
        "READONLY",
        "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
        + "You should use method POST for modifying queries.");

    public static EngineException Consumes() => new(
        ErrorCodes.ReadOnly,
        "READONLY",
        $"{StatementGuard.ConsumingSetting} takes records away from the table's group, and a GET may only read: use POST.");

    /// <summary>The same error, with what to do next where the reason is ours.</summary>
    public static EngineException Explain(EngineException error, bool readsOnly, bool filesAreConfined)
    {
        if (error.Code == ErrorCodes.AccessDenied && MissingGrant().Match(error.Message) is { Success: true } grant)
            return Explain(error, grant.Groups[1].Value, readsOnly, filesAreConfined);
        // Landlock's answer is EACCES, which ClickHouse reports under several codes.
        var isOfTheKernel = filesAreConfined && error.Message.Contains("ermission denied", StringComparison.Ordinal);
        return isOfTheKernel ? Denied($"{error.What} {Files}") : error;
    }

    static EngineException Explain(EngineException error, string right, bool readsOnly, bool filesAreConfined)
    {
        var source = Source().Match(right).Groups[1].Value;
        var ofFiles = source.Equals("FILE", StringComparison.OrdinalIgnoreCase) || source == "Filesystem";
        if (readsOnly && (source.Length == 0 || (ofFiles && filesAreConfined)))
            return ReadOnly();
        if (ofFiles) return Denied($"{error.What} {NoFiles}");
        return source.Length == 0
            ? Denied($"{error.What} The embedded ClickHouse has no users and no backups: use a ClickHouse server with --clickhouse URL.")
            : Denied($"{error.What} {source.ToLowerInvariant()} and all that reads from {source} is closed: {Elsewhere}");
    }

    static EngineException Denied(string what) => new(ErrorCodes.AccessDenied, "ACCESS_DENIED", what);

    [GeneratedRegex(@"necessary to have the grant (.+?)\.( |$)")]
    private static partial Regex MissingGrant();

    [GeneratedRegex(@"^(?:READ, WRITE|READ|WRITE|TABLE ENGINE) ON (\w+)$")]
    private static partial Regex Source();
}
