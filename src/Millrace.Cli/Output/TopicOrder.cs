using Millrace.Streams.Definition;

namespace Millrace.Cli.Output;

/// <summary>The order of topics in every table: that of the definitions, then the topics that no definition knows. Immutable.</summary>
sealed class TopicOrder(IReadOnlyList<string> topics)
{
    /// <param name="catalog">Topics can be listed without definitions too: those that can't be used give no order.</param>
    public static TopicOrder Of(Func<StreamCatalog> catalog)
    {
        try { return new TopicOrder([.. catalog().Streams.Select(stream => stream.Topic)]); }
        catch (StreamDefinitionException) { return new TopicOrder([]); }
    }

    /// <summary>Items of one topic, and of topics without a definition, stay as they are among themselves.</summary>
    public IReadOnlyList<T> Sort<T>(IEnumerable<T> items, Func<T, string> topicOf) => [.. items.OrderBy(item => RankOf(topicOf(item)))];

    int RankOf(string topic) => topics.TakeWhile(known => known != topic).Count();
}
