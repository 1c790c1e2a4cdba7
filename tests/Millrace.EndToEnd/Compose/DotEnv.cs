using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.EndToEnd.Compose;

/// <summary>The checkout's .env: the settings of docker-compose.yml. Immutable.</summary>
static partial class DotEnv
{
    /// <summary>Each setting with the lines of comment that stand right above it, or above the settings it stands with.</summary>
    public static IReadOnlyDictionary<string, (string Value, string Comment)> Settings { get; } = Read(File.ReadLines(Path.Combine(Repository.Root, ".env")));

    /// <summary>A text of docker-compose.yml with each <c>${NAME}</c> replaced by its setting, as compose does it.</summary>
    public static string Resolve(string text) => Variable().Replace(text, match => Settings[match.Groups["name"].Value].Value);

    public static IEnumerable<string> VariablesOf(string text) => Variable().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    static Dictionary<string, (string, string)> Read(IEnumerable<string> lines)
    {
        var settings = new Dictionary<string, (string, string)>();
        var comment = "";
        foreach (var line in lines)
        {
            if (line.Length == 0) comment = "";
            else if (line.StartsWith('#')) comment += line.TrimStart('#');
            else settings.Add(line.Split('=')[0], (line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..], comment));
        }
        return settings;
    }

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>\w+)\}")]
    private static partial Regex Variable();
}
