using Millrace.Streams.Definition;

namespace Millrace.Streams.Ddl;

/// <summary>
/// Tells whether streams that are set up are to hold something else than they do. A stream that comes or goes, is paused or resumed, or has
/// another password of Kafka's, leaves what rows look like as it is.
/// </summary>
static class SchemaChange
{
    public static bool IsDue(StreamCatalog catalog, StandEndpoints endpoints, DatabaseState state) => catalog.Streams.Any(stream =>
        (state.Find(stream.TargetTable) is not null && !TargetChange.Of(stream, endpoints.Identity.Name, state).IsAsDefined)
        || new StreamChain(stream, endpoints) is var chain && chain.Behind.Append(chain.ParseView).Any(made => IsAnother(made, state)));

    static bool IsAnother(DdlObject made, DatabaseState state) => state.Find(made.Name) is not null && !state.Holds(made);
}
