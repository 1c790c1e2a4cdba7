using Millrace.Streams.Definition;
using Millrace.Streams.Samples;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

/// <summary>Definitions that are named one by one, and the samples beside them.</summary>
public sealed class DefinitionPlacesTests : IDisposable
{
    readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_and_folders_may_be_named_and_each_definition_counts_once()
    {
        Directory.CreateDirectory(_folder.Sub("more"));
        Write("a.yaml", "a");
        Write("more/b.yaml", "b");
        var catalog = StreamCatalog.LoadSome([_folder.Sub("a.yaml"), _folder.Sub("more"), _folder.Sub("more/b.yaml"), _folder.Sub("a.yaml")]);
        Assert.Equal(["a", "b"], catalog.Streams.Select(stream => stream.Name));
    }

    [Fact]
    public void A_stream_may_come_after_one_that_is_not_named()
    {
        Write("b.yaml", "b", "after: a");
        Assert.Null(Assert.Single(StreamCatalog.LoadSome([_folder.Sub("b.yaml")]).Streams).After);
        Write("a.yaml", "a");
        Assert.Equal([null, "a"], StreamCatalog.LoadSome([_folder.Path]).Streams.Select(stream => stream.After));
    }

    [Fact]
    public void Definitions_that_clash_are_refused_as_in_a_folder()
    {
        Write("a.yaml", "a");
        Write("b.yaml", "a");
        Assert.Contains("'a' is taken in", Refusal("a.yaml", "b.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_are_no_definitions_and_lie_beside_theirs()
    {
        Write("a.yaml", "a");
        Write("b.yaml", "b");
        File.WriteAllText(_folder.Sub("a.samples.yaml"), "- value: 1\n");
        File.WriteAllText(_folder.Sub("b.samples.ndjson"), "1\n2\n");
        Assert.Equal(["a", "b"], StreamCatalog.Load(_folder.Path).Streams.Select(stream => stream.Name));
        // What a pattern of the shell comes to, *.yaml.
        var catalog = StreamCatalog.LoadSome([_folder.Sub("a.samples.yaml"), _folder.Sub("a.yaml"), _folder.Sub("b.yaml")]);
        Assert.Equal(["a", "b", "b"], new SampleFiles(catalog).Beside().Select(sample => sample.Stream.Name));
    }

    [Fact]
    public void Samples_of_no_definition_are_refused()
    {
        Write("a.yaml", "a");
        File.WriteAllText(_folder.Sub("orders.samples.yaml"), "- value: 1\n");
        var sentence = $"{_folder.Sub("orders.samples.yaml")} holds the samples of orders.yaml, which is not among the definitions; name that, too";
        Assert.Equal(sentence, Refusal(""));
        Assert.Equal(sentence, Refusal("a.yaml", "orders.samples.yaml"));
    }

    [Fact]
    public void What_is_not_there_is_named() => Assert.Equal($"there is no file or folder {_folder.Sub("a.yaml")}", Refusal("a.yaml"));

    string Refusal(params string[] places) =>
        Assert.Throws<StreamDefinitionException>(() => StreamCatalog.LoadSome(places.Select(_folder.Sub))).Message;

    void Write(string file, string name, string more = "") => File.WriteAllText(_folder.Sub(file), $"{TestStream.Small($"t_{file[0]}", name)}\n{more}\n");
}
