using Millrace.Testing;
using YamlDotNet.Serialization;

namespace Millrace.EndToEnd.Compose;

/// <summary>The checkout's docker-compose.yml, its anchors merged and its variables not yet replaced. Immutable.</summary>
static class ComposeFile
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));

    public static IReadOnlyDictionary<string, ComposeService> Services { get; } = new DeserializerBuilder()
        .IgnoreUnmatchedProperties().Build()
        .Deserialize<Root>(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Text)))).Services;

    sealed class Root
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, ComposeService> Services { get; set; } = [];
    }
}

/// <summary>What tests look at of a service.</summary>
sealed class ComposeService
{
    [YamlMember(Alias = "image")]
    public string Image { get; set; } = "";

    [YamlMember(Alias = "build")]
    public object? Build { get; set; }

    [YamlMember(Alias = "restart")]
    public string Restart { get; set; } = "";

    [YamlMember(Alias = "mem_limit")]
    public string MemoryLimit { get; set; } = "";

    [YamlMember(Alias = "ports")]
    public List<string> Ports { get; set; } = [];

    [YamlMember(Alias = "environment")]
    public Dictionary<string, string> Environment { get; set; } = [];

    [YamlMember(Alias = "healthcheck")]
    public Dictionary<string, object> HealthCheck { get; set; } = [];

    [YamlMember(Alias = "logging")]
    public LoggingOptions Logging { get; set; } = new();

    [YamlMember(Alias = "volumes")]
    public List<string> Volumes { get; set; } = [];
}

/// <summary>How a service's log is kept.</summary>
sealed class LoggingOptions
{
    [YamlMember(Alias = "options")]
    public Dictionary<string, string> Options { get; set; } = [];
}
