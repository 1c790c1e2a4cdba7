using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd;

/// <summary>Fifty streams on one stand: all are read, and all is shown.</summary>
public class ManyStreamsTests
{
    const int Streams = 50;
    const int Partitions = 6;

    [Fact]
    public async Task Fifty_streams_of_six_partitions_are_read_shown_and_audited()
    {
        using var definitions = new TemporaryDirectory();
        for (var number = 0; number < Streams; number++)
            await File.WriteAllTextAsync(definitions.Sub($"s{number}.yaml"), Definition(number));
        await using var stand = new Stand();
        await stand.UpAsync("--streams", definitions.Path, "--rate", "500", "--events", "3000");
        await Eventually.Holds(
            async () => await stand.StateOfAsync("emitter") == "finished", "the emitter has made its events", TimeSpan.FromMinutes(3));

        var totals = await stand.SettledAsync();

        var wanted = new StandTotals(ExitCode: 0, Records: 3000, Rows: 3000, DeadLetters: 0, Missing: 0, StoredTwice: 0, NotYetRead: 0);
        Assert.Equal(wanted, totals);
        var topics = (await stand.RunAsync("topics", "--output", "json")).Expect(0).Json.EnumerateArray().ToList();
        Assert.Equal(Streams, topics.Count);
        var group = (await stand.RunAsync("groups", "--output", "json")).Expect(0).Json.EnumerateArray().Single();
        var read = group.GetProperty("partitions").EnumerateArray().ToList();
        Assert.Equal(Streams * Partitions, read.Count);
        Assert.All(read, partition => Assert.Equal(JsonValueKind.String, partition.GetProperty("member_id").ValueKind));
    }

    static string Definition(int number) =>
        $$"""
        stream: s{{number}}
        topic: s{{number}}
        partitions: {{Partitions}}
        key: id
        table: s{{number}}_table
        order_by: [id]
        weight: 1
        columns:
          - { name: id, type: UUID, generate: uuid }
          - { name: time, type: DateTime64(3), generate: now }
          - { name: user_id, type: UInt64, generate: session.user_id }
        """;
}
