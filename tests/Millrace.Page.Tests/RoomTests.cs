using Microsoft.AspNetCore.Http;
using Millrace.Page.Http;

namespace Millrace.Page.Tests;

public sealed class RoomTests
{
    [Fact]
    public async Task Whoever_finds_the_room_full_waits_and_whoever_goes_away_takes_no_place()
    {
        var free = new TaskCompletionSource();
        var answered = new List<string>();
        var room = new Room(1).Answer(async context =>
        {
            answered.Add(context.TraceIdentifier);
            await free.Task;
        });
        using var goesAway = new CancellationTokenSource();

        var first = room(Request("first"));
        var second = room(Request("second", goesAway.Token));
        var third = room(Request("third"));
        Assert.Equal(["first"], answered);
        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        free.SetResult();
        await Task.WhenAll(first, third);

        Assert.Equal(["first", "third"], answered);
    }

    static DefaultHttpContext Request(string name, CancellationToken goesAway = default) =>
        new() { TraceIdentifier = name, RequestAborted = goesAway };
}
