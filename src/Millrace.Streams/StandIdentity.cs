using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Streams;

/// <summary>
/// Who a stand is on servers that it may share with others: docs/decisions/0006-stand-names.md says where the name comes from. Immutable.
/// </summary>
/// <param name="Name">Whose objects they are: it stands in the comment of every table and view.</param>
/// <param name="Group">The consumer group of the stand's queue tables.</param>
public sealed partial record StandIdentity(string Name, string Group)
{
    /// <summary>
    /// The stand of the definitions that Millrace ships, and of objects whose comments name none: the first release wrote no names.
    /// </summary>
    public const string DefaultName = "millrace";

    /// <summary>For the sentence that refuses another name.</summary>
    public const string NameRule = "up to 32 letters, digits, '_' and '-', beginning with a letter or a digit";

    /// <summary>For the sentence that refuses another group.</summary>
    public const string GroupRule = "up to 249 letters, digits, '.', '_' and '-'";

    const string DefaultGroup = "clickhouse_router_group";
    const int LongestName = 32;

    /// <summary>Of the hash that tells names apart which look the same once their odd characters are gone.</summary>
    const int HashBytes = 4;

    public static StandIdentity Default { get; } = Of(DefaultName);

    /// <summary>The stand of this name, with a group of its own: two stands in one group would each get a part of the records.</summary>
    public static StandIdentity Of(string name) => new(name, name == DefaultName ? DefaultGroup : $"{DefaultGroup}_{name}");

    public static bool IsName(string text) => NameForm().IsMatch(text);

    public static bool IsGroup(string text) => GroupForm().IsMatch(text);

    /// <summary>
    /// The stand's name unless one is chosen: that of the folder with its definitions, or of the folder above where it is called streams.
    /// </summary>
    /// <param name="folder">Full path.</param>
    public static string NameOf(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(folder);
        var name = Path.GetFileName(path);
        if (name is "" or "streams" && Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } above) name = above;
        if (IsName(name)) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashBytes));
        var readable = OddCharacters().Replace(name, "-").Trim('-', '_');
        return $"{readable[..Math.Min(readable.Length, LongestName - hash.Length - 1)].TrimEnd('-', '_')}-{hash}".TrimStart('-');
    }

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}\z")]
    private static partial Regex NameForm();

    /// <summary>What Kafka takes as a topic's name; a group may be called anything, but nobody wants to type it.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9._-]{1,249}\z")]
    private static partial Regex GroupForm();

    [GeneratedRegex("[^a-zA-Z0-9_-]+")]
    private static partial Regex OddCharacters();
}
