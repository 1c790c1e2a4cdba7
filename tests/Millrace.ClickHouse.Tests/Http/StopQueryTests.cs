using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Http;

namespace Millrace.ClickHouse.Tests.Http;

public sealed class StopQueryTests
{
    [Fact]
    public async Task A_kill_that_the_engine_refuses_is_repeated_until_the_query_has_stopped()
    {
        var running = new TaskCompletionSource();
        var kills = 0;

        await QueryRun.StopAsync(running.Task, () =>
        {
            if (++kills == 1)
                throw new EngineException(ErrorCodes.UnknownException, "UNKNOWN_EXCEPTION", "The engine opens no connection.");
            running.SetResult();
        });

        Assert.Equal(2, kills);
    }
}
