namespace Millrace.ClickHouse.Tests;

/// <summary>Linux allows a process 65,530 mappings (vm.max_map_count), and .NET aborts when it gets no more.</summary>
[Collection(EngineCollection.Name)]
public class MemoryMappingsTests(EngineFixture engine)
{
    /// <summary>As many as a page asks within minutes. Each left two mappings behind.</summary>
    const int Queries = 500;

    [Fact]
    public async Task A_query_leaves_no_mapping_behind()
    {
        // What all queries share is mapped once.
        for (var query = 0; query < Queries / 5; query++) await engine.Ask("SELECT 1");
        var before = Mappings();
        for (var query = 0; query < Queries; query++) await engine.Ask("SELECT 1");
        Assert.InRange(Mappings() - before, int.MinValue, Queries / 5);
    }

    static int Mappings() => File.ReadLines("/proc/self/maps").Count();
}
