using Millrace.Streams.Definition;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Definition;

public class CatalogCheckTests
{
    [Theory]
    [InlineData("one", "topic_a", "one", "topic_b", "test.yaml, line 1, column 9: stream: 'one' is taken")]
    [InlineData("one", "topic_a", "two", "topic_a", "test.yaml, line 2, column 8: topic: 'topic_a' is taken")]
    public void Streams_may_not_share(string firstName, string firstTopic, string secondName, string secondTopic, string message)
    {
        var refused = Assert.Throws<StreamDefinitionException>(() =>
            TestStream.Catalog(TestStream.Small(firstTopic, firstName), TestStream.Small(secondTopic, secondName)));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_table_may_not_be_another_streams_queue_table()
    {
        var taking = TestStream.Small("b", "two").Replace("two_table", "one_queue", StringComparison.Ordinal);
        var refused = Assert.Throws<StreamDefinitionException>(() => TestStream.Catalog(TestStream.Small("a", "one"), taking));
        Assert.Contains("'one_queue' is taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_may_be_shared_but_not_with_a_target_table()
    {
        TestStream.Catalog(TestStream.Small("a", "one"), TestStream.Small("b", "two"));
        var clash = TestStream.Small("a", "one") + "\ndead_letters: one_table";
        var refused = Assert.Throws<StreamDefinitionException>(() => TestStream.Catalog(clash));
        Assert.Contains("dead_letters: 'one_table'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "test.yaml, line 11, column 8: after: 'nobody' is no stream; name one of one")]
    [InlineData("one", "come after each other in a circle")]
    public void After_names_another_stream(string after, string message)
    {
        var yaml = TestStream.Small("a", "one") + $"\nafter: {after}";
        Assert.Contains(message, Assert.Throws<StreamDefinitionException>(() => TestStream.Catalog(yaml)).Message, StringComparison.Ordinal);
    }

    /// <summary>Another stream that comes after it is not at fault.</summary>
    [Fact]
    public void A_misspelt_predecessor_is_told_where_it_stands_with_the_nearest_name()
    {
        var (first, second, third) = (TestStream.Small("a", "one"), TestStream.Small("b", "twice"), TestStream.Small("c", "third"));
        var refused = Assert.Throws<StreamDefinitionException>(() =>
            TestStream.Catalog(first + "\nafter: twice", second + "\nweight: 3\nafter: thrid", third));
        Assert.StartsWith(
            "test.yaml, line 12, column 8: after: 'thrid' is no stream (did you mean 'third'?); name one of one, twice, third",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_definitions_is_refused()
    {
        using var folder = new TemporaryDirectory();
        var empty = Assert.Throws<StreamDefinitionException>(() => StreamCatalog.Load(folder.Path));
        Assert.Contains("holds no stream definition", empty.Message, StringComparison.Ordinal);
        var absent = Assert.Throws<StreamDefinitionException>(() => StreamCatalog.Load(folder.Sub("absent")));
        Assert.Contains("there is no folder", absent.Message, StringComparison.Ordinal);
    }
}
