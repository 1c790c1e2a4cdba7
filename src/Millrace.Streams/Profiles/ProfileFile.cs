using System.Text.RegularExpressions;
using Millrace.Secrets;
using Millrace.Streams.Definition;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Profiles;

/// <summary>
/// Reads a profile file. Any value may hold <c>${NAME}</c> or <c>${NAME:-default}</c>, as in a compose file: so passwords stay out of it.
/// Paths in it start from its own folder.
/// </summary>
public sealed partial class ProfileFile
{
    readonly string _file;
    readonly Func<string, string?> _variable;

    ProfileFile(string file, Func<string, string?> variable) => (_file, _variable) = (file, variable);

    /// <param name="variable">The value of an environment variable; null or empty when it is not set.</param>
    /// <exception cref="StreamDefinitionException">The file can't be used; the message says where and why.</exception>
    public static Profile Load(string file, Func<string, string?> variable)
    {
        try
        {
            using var text = File.OpenText(file);
            return Read(file, text, variable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StreamDefinitionException($"the profile {file} can't be read: {e.Message}");
        }
    }

    internal static Profile Read(string file, TextReader text, Func<string, string?> variable) =>
        new ProfileFile(file, variable).Read(Parse(file, text));

    static YamlNode Parse(string file, TextReader text) => YamlText.Parse(file, text) is [{ RootNode: var root }, ..]
        ? root
        : throw YamlPosition.Error(file, 1, 1, "YAML", "the file is empty; name kafka, clickhouse or both");

    Profile Read(YamlNode root)
    {
        var fields = new YamlFields(_file, root, "a profile", "kafka", "clickhouse", "stand", "group");
        return new Profile(
            fields.Has("kafka") ? ReadKafka(fields.Node("kafka")) : null,
            fields.Has("clickhouse") ? ReadClickHouse(fields.Node("clickhouse")) : null,
            Name(fields, "stand", StandIdentity.IsName, StandIdentity.NameRule),
            Name(fields, "group", StandIdentity.IsGroup, StandIdentity.GroupRule));
    }

    string? Name(YamlFields fields, string field, Func<string, bool> isRight, string rule)
    {
        if (Optional(fields, field) is not { } name) return null;
        return isRight(name) ? name : throw fields.Wrong(field, $"'{name}' is not a name; write {rule}");
    }

    KafkaProfile ReadKafka(YamlNode node)
    {
        var fields = new YamlFields(_file, node, "kafka", "bootstrap", "properties", "for_clickhouse");
        return new KafkaProfile(
            Text(fields, "bootstrap"),
            Properties(fields),
            fields.Has("for_clickhouse") ? ReadQueueKafka(fields.Node("for_clickhouse")) : null);
    }

    QueueKafka ReadQueueKafka(YamlNode node)
    {
        var fields = new YamlFields(_file, node, "for_clickhouse", "bootstrap", "properties");
        return new QueueKafka(Text(fields, "bootstrap"), Properties(fields));
    }

    ClickHouseProfile ReadClickHouse(YamlNode node)
    {
        var fields = new YamlFields(_file, node, "clickhouse", "url", "user", "password", "database", "ca");
        var url = Uri.TryCreate(Text(fields, "url"), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? parsed
            : throw fields.Wrong("url", "is not the URL of ClickHouse's HTTP interface, such as https://clickhouse.example.com:8443/");
        if (url.Query.Length > 0) throw fields.Wrong("url", "takes no ?name=value; write user and password in lines of their own");
        // Out of the URL, which command lines and state files show.
        var password = url.UserInfo.Split(':', 2) is [_, var escaped]
            ? Uri.UnescapeDataString(escaped)
            : Optional(fields, "password") ?? "";
        url = new UriBuilder(url) { Password = "" }.Uri;
        return new ClickHouseProfile(
            url, Optional(fields, "user") ?? "default", password, Optional(fields, "database") ?? "default", Authority(fields));
    }

    Dictionary<string, Secret> Properties(YamlFields fields)
    {
        if (!fields.Has("properties")) return [];
        var mapping = fields.Node("properties") as YamlMappingNode
            ?? throw fields.Wrong("properties", "is not a mapping; write 'security.protocol: sasl_ssl' lines");
        var properties = new YamlFields(
            _file, mapping, "properties", [.. mapping.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value!)]);
        return mapping.Children.Keys.Cast<YamlScalarNode>().ToDictionary(
            key => key.Value!, key => new Secret(PathOrText(properties, key.Value!)));
    }

    /// <summary>librdkafka's names for files end in .location.</summary>
    string PathOrText(YamlFields fields, string field) =>
        field.EndsWith(".location", StringComparison.Ordinal) ? FromOwnFolder(Text(fields, field)) : Text(fields, field);

    string? Authority(YamlFields fields)
    {
        if (Optional(fields, "ca") is not { } path) return null;
        var full = FromOwnFolder(path);
        return File.Exists(full)
            ? full
            : throw fields.Wrong("ca", $"there is no file {full}; name a PEM file with the certificates to trust");
    }

    string FromOwnFolder(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, path);

    string Text(YamlFields fields, string field) => Substitute(fields, field, fields.Text(field));

    string? Optional(YamlFields fields, string field) => fields.Optional(field) is { } text ? Substitute(fields, field, text) : null;

    string Substitute(YamlFields fields, string field, string text) => Variable().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        if (_variable(name) is { Length: > 0 } value) return value;
        return match.Groups["default"] is { Success: true } fallback
            ? fallback.Value
            : throw fields.Wrong(field, $"the environment variable {name} is not set; set it");
    });

    [GeneratedRegex(@"\$\{(?<name>\w+)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
