using System.Xml.Linq;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// What the engine's one user may do: the section of the config file that stands for a server's users.xml. Whoever reaches the HTTP port
/// acts as the user who runs the stand, so every way out of the engine that has an access right of its own (url, remote, s3, mysql, BACKUP
/// ...) is left out of the grants: https://clickhouse.com/docs/sql-reference/statements/grant#sources. The engine checks them in views,
/// subqueries, INSERT and CREATE alike.
/// </summary>
static class ClickHouseAccess
{
    /// <summary>
    /// The role of a request that may only read: SET ROLE leaves nothing but its rights. The user has both roles until then.
    /// </summary>
    public const string ReadingRole = "reading";

    const string WritingRole = "writing";

    static readonly string[] Reading =
        ["SELECT, SHOW, dictGet, INTROSPECTION, displaySecretsInShowAndSelect, CREATE TEMPORARY TABLE ON *.*"];

    // Queue tables are made over HTTP like any other table, so Kafka stays open; the kernel limits the ports (Confinement).
    static readonly string[] Writing =
    [
        "CHECK, INSERT, ALTER, CREATE, DROP, UNDROP TABLE, TRUNCATE, OPTIMIZE, MOVE PARTITION BETWEEN SHARDS ON *.*",
        "KILL QUERY, KILL TRANSACTION, SYSTEM, CLUSTER ON *.*",
        "SET DEFINER ON *",
        "READ, WRITE ON KAFKA",
    ];

    // Settings that nobody may change: in another dialect the names of a statement stand for something else (StatementGuard); the other
    // renames the files that a SELECT reads.
    static readonly string[] Fixed = ["dialect", "rename_files_after_processing"];

    /// <param name="withFiles">Files too. The engine checks no path, so only where the kernel does.</param>
    public static object Xml(bool withFiles) => new object[]
    {
        new XElement("profiles", new XElement("default", new XElement("constraints", Fixed.Select(Const)))),
        new XElement("quotas", new XElement("default")),
        new XElement(
            "roles",
            Role(ReadingRole, withFiles ? [.. Reading, "READ ON FILE"] : Reading),
            Role(WritingRole, withFiles ? [.. Writing, "READ, WRITE ON FILE"] : Writing)),
        new XElement("users", new XElement(
            "default",
            new XElement("password"),
            new XElement("networks", new XElement("ip", "::/0")),
            new XElement("profile", "default"),
            new XElement("quota", "default"),
            Grants($"{ReadingRole}, {WritingRole}"))),
    };

    static XElement Const(string setting) => new(setting, new XElement("const"));

    static XElement Role(string name, string[] grants) => new(name, Grants(grants));

    static XElement Grants(params string[] grants) => new("grants", grants.Select(grant => new XElement("query", $"GRANT {grant}")));
}
