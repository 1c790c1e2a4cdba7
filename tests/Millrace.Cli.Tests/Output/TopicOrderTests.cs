using Millrace.Cli.Output;
using Millrace.Streams.Definition;

namespace Millrace.Cli.Tests.Output;

public sealed class TopicOrderTests
{
    [Fact]
    public void Topics_come_in_the_order_of_the_definitions_and_the_others_after_them_as_they_were() =>
        Assert.Equal(
            ["clicks", "orders", "views", "z", "a"],
            new TopicOrder(["clicks", "orders", "views"]).Sort(["z", "orders", "a", "views", "clicks"], topic => topic));

    [Fact]
    public void Definitions_that_cannot_be_used_leave_topics_as_they_were() =>
        Assert.Equal(["b", "a"], TopicOrder.Of(() => throw new StreamDefinitionException("none")).Sort(["b", "a"], topic => topic));
}
