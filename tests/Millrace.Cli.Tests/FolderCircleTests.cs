using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Cli.Tests;

/// <summary>
/// Composition lies on top, what everybody uses below, and nothing points back up. A folder uses another of its project when a file of it
/// names a type that only the other declares. Words are read, not meaning.
/// </summary>
public sealed partial class FolderCircleTests
{
    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_of_a_project_form_a_circle(string project)
    {
        var uses = Uses(Path.Combine(Repository.Root, "src", project));
        // What uses nothing that is left can't be part of a circle.
        while (uses.Keys.FirstOrDefault(folder => !uses[folder].Keys.Any(uses.ContainsKey)) is { } free) uses.Remove(free);
        Assert.True(uses.Count == 0, string.Join('\n', uses.Select(pair => $"{pair.Key} -> {Named(pair.Value, uses.Keys)}")));
    }

    /// <summary>The folders that each folder uses, and the types by which it does.</summary>
    static Dictionary<string, Dictionary<string, HashSet<string>>> Uses(string project)
    {
        var files = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(project, file).StartsWith("obj/", StringComparison.Ordinal))
            .Select(file => (
                Folder: Path.GetRelativePath(project, Path.GetDirectoryName(file)!),
                Text: NoCode().Replace(File.ReadAllText(file), " ")))
            .ToList();
        var homes = files.SelectMany(file => Declaration().Matches(file.Text).Select(match => (Type: match.Groups[1].Value, file.Folder)))
            .GroupBy(type => type.Type).Where(type => type.Distinct().Count() == 1)
            .ToDictionary(type => type.Key, type => type.First().Folder);
        // A namespace is no use of a type that is called alike.
        foreach (var folder in files.SelectMany(file => file.Folder.Split('/'))) homes.Remove(folder);
        var uses = files.Select(file => file.Folder).Distinct().ToDictionary(
            folder => folder, _ => new Dictionary<string, HashSet<string>>());
        foreach (var (folder, text) in files)
            foreach (var word in Word().Matches(text).Select(match => match.Value))
                if (homes.TryGetValue(word, out var home) && home != folder)
                    (uses[folder].TryGetValue(home, out var types) ? types : uses[folder][home] = []).Add(word);
        return uses;
    }

    static string Named(Dictionary<string, HashSet<string>> uses, ICollection<string> circle) =>
        string.Join(", ", uses.Where(use => circle.Contains(use.Key)).Select(use => $"{use.Key} ({string.Join(' ', use.Value)})"));

    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|\"\"\"+.*?\"\"\"+|\$?@?"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'
        """, RegexOptions.Singleline)]
    private static partial Regex NoCode();

    /// <summary>At the left margin, as those are that other files can name.</summary>
    [GeneratedRegex(@"^(?:\w+\s+)*?(?:class|struct|interface|enum|record(?:\s+(?:struct|class))?)\s+([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>No member that is read or declared.</summary>
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*\b(?!\s*(?:=>|\{ get))")]
    private static partial Regex Word();
}
