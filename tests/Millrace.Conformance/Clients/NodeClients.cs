using Millrace.Testing;

namespace Millrace.Conformance.Clients;

/// <summary>
/// kafkajs and @platformatic/kafka, clients that share no code with librdkafka nor with each other. ./dev installs them; without that they
/// are installed here.
/// </summary>
static class NodeClients
{
    /// <summary>The newest of @platformatic/kafka that runs on Node.js 20. scripts/tests.sh says the same versions.</summary>
    const string KafkaJsVersion = "2.2.4", PlatformaticVersion = "1.35.0";

    const string KafkaJs = "kafkajs", Platformatic = "@platformatic/kafka";

    static readonly Lazy<Task<string>> Modules = new(FindAsync);

    /// <summary>Runs a script of Clients/Scripts with the bootstrap and further arguments.</summary>
    /// <returns>What it printed, trimmed.</returns>
    public static async Task<string> RunAsync(string script, string bootstrap, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", script);
        string[] command = [$"NODE_PATH={await Modules.Value}", "KAFKAJS_NO_PARTITIONER_WARNING=1", "node", path, bootstrap];
        var output = await Tool.RunAsync("env", [.. command, .. arguments]);
        return output.Trim();
    }

    static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("NODE_PATH") is { Length: > 0 } path && HasBoth(path)) return path;
        var folder = Path.Combine(Repository.Root, "artifacts", $"node-{KafkaJsVersion}-{PlatformaticVersion}");
        var modules = Path.Combine(folder, "node_modules");
        string[] packages = [$"{KafkaJs}@{KafkaJsVersion}", $"{Platformatic}@{PlatformaticVersion}"];
        if (!HasBoth(modules))
            await Tool.RunAsync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, .. packages]);
        return modules;
    }

    static bool HasBoth(string modules) =>
        Directory.Exists(Path.Combine(modules, KafkaJs)) && Directory.Exists(Path.Combine(modules, Platformatic));
}
