using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

/// <summary>A definition that is not seen stops its stream: so each file is taken, refused, or of no definition's name.</summary>
public sealed class StreamFolderTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_spelling_of_the_ending_makes_a_definition()
    {
        foreach (var (name, file) in new[] { ("a", "a.yaml"), ("b", "b.yml"), ("c", "c.YAML"), ("d", "d.Yml") }) Write(file, name);
        Assert.Equal(["a", "b", "c", "d"], Streams());
    }

    [Theory]
    [InlineData("b.yaml~")]
    [InlineData("b.yaml.bak")]
    [InlineData("b.yaml.orig")]
    [InlineData("#b.yaml#")]
    [InlineData(".b.yaml.swp")]
    [InlineData("._b.yaml")]
    [InlineData("b.txt")]
    public void What_editors_and_people_leave_beside_it_is_none(string file)
    {
        Write("a.yaml", "a");
        Write(file, "b");
        Assert.Equal(["a"], Streams());
    }

    [Fact]
    public void The_lock_of_an_editor_is_none_though_it_ends_like_one_and_leads_nowhere()
    {
        Write("a.yaml", "a");
        File.CreateSymbolicLink(_folder.Sub(".#a.yaml"), "me@here.4711:1");
        Assert.Equal(["a"], Streams());
    }

    [Fact]
    public void A_link_to_a_definition_is_one_and_a_link_to_nowhere_is_refused()
    {
        Write("elsewhere.txt", "a");
        File.CreateSymbolicLink(_folder.Sub("a.yaml"), _folder.Sub("elsewhere.txt"));
        Assert.Equal(["a"], Streams());
        File.CreateSymbolicLink(_folder.Sub("b.yaml"), _folder.Sub("nowhere"));
        Assert.Contains("b.yaml can't be read", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_name_with_both_endings_is_refused()
    {
        Write("a.yaml", "a");
        Write("A.yml", "b");
        Assert.Equal($"{_folder.Sub("A.yml")} and {_folder.Sub("a.yaml")} are two definitions of one name; keep one of them", Refusal());
    }

    [Fact]
    public void A_folder_called_like_a_definition_is_refused()
    {
        Write("a.yaml", "a");
        Directory.CreateDirectory(_folder.Sub("b.yaml"));
        Assert.StartsWith($"{_folder.Sub("b.yaml")} is a folder; put the definition in its place", Refusal(), StringComparison.Ordinal);
    }

    void Write(string file, string stream) => File.WriteAllText(_folder.Sub(file), TestStream.Small($"topic_{stream}", stream));

    IEnumerable<string> Streams() => StreamCatalog.Load(_folder.Path).Streams.Select(stream => stream.Name);

    string Refusal() => Assert.Throws<StreamDefinitionException>(() => StreamCatalog.Load(_folder.Path)).Message;
}
