using Millrace.Streams.Definition;
using Millrace.Streams.Tests.Definition;

namespace Millrace.Streams.Tests;

/// <summary>Definitions for tests, in the language users write.</summary>
static class TestStream
{
    /// <summary>What the stand takes, the schema must not forbid.</summary>
    public static StreamDefinition Read(string yaml)
    {
        var stream = StreamFile.Read("test.yaml", new StringReader(yaml));
        Assert.Empty(DefinitionSchema.Faults(yaml));
        return stream;
    }

    public static StreamCatalog Catalog(params string[] yaml) => StreamCatalog.Create([.. yaml.Select(text => ("test.yaml", Read(text)))]);

    /// <summary>A small stream of one required and one optional number beside its id.</summary>
    /// <param name="topic">Its own for each test: all share the broker.</param>
    public static string Small(string topic, string name = "small", string moreColumns = "") =>
        $$"""
        stream: {{name}}
        topic: {{topic}}
        partitions: 2
        key: id
        table: {{name}}_table
        order_by: [id]
        columns:
          - { name: id, type: UInt64, generate: { range: [1, 1000] } }
          - { name: score, type: Nullable(Int8), generate: { range: [1, 5] } }
        {{moreColumns}}
        """;
}
