using System.Xml.Linq;
using Millrace.Testing;

namespace Millrace.Cli.Tests;

public class ArchitectureTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Millrace.Kafka.Protocol"] = [],
        ["Millrace.Listening"] = [],
        ["Millrace.Meters"] = [],
        ["Millrace.Kafka.Broker"] = ["Millrace.Kafka.Protocol", "Millrace.Listening"],
        ["Millrace.HttpAccess"] = [],
        ["Millrace.Secrets"] = [],
        ["Millrace.ClickHouse"] = ["Millrace.HttpAccess", "Millrace.Kafka.Protocol", "Millrace.Listening", "Millrace.Secrets"],
        ["Millrace.Streams"] = ["Millrace.Kafka.Protocol", "Millrace.Secrets"],
        ["Millrace.Bench"] = ["Millrace.Streams"],
        ["Millrace.Page"] = ["Millrace.HttpAccess", "Millrace.Listening", "Millrace.Meters", "Millrace.Secrets", "Millrace.Streams"],
        ["Millrace.Cli"] =
        [
            "Millrace.Bench", "Millrace.Kafka.Broker", "Millrace.Kafka.Protocol", "Millrace.ClickHouse", "Millrace.HttpAccess",
            "Millrace.Listening", "Millrace.Meters", "Millrace.Page", "Millrace.Secrets", "Millrace.Streams",
        ],
    };

    [Fact]
    public void Projects_depend_on_each_other_only_as_the_design_draws_it()
    {
        var sources = Path.Combine(Repository.Root, "src");
        foreach (var project in Directory.EnumerateFiles(sources, "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var references = XDocument.Load(project).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
            Assert.Equal(Allowed[name].Order(), references.Order());
        }
    }

    [Theory]
    [InlineData("Manager")]
    [InlineData("Helper")]
    [InlineData("Utils")]
    [InlineData("Service")]
    public void No_file_is_named_by_a_word_that_says_nothing(string word) =>
        Assert.DoesNotContain(SourceFiles(), file => Path.GetFileNameWithoutExtension(file).EndsWith(word, StringComparison.Ordinal));

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.DoesNotContain(SourceFiles(), file => File.ReadLines(file).Count() > 400);

    static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));
}
