using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Basics;

/// <summary>
/// Where work that no client waits for starts: timers and periodic tasks. What fails there is logged and neither ends the process, as an
/// exception on a timer's thread does, nor keeps the next run from starting.
/// </summary>
static class Background
{
    /// <param name="what">Names the work and what it is about, for the log.</param>
    public static void Run(ILogger logger, string what, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            logger.BackgroundFailed(e, what);
        }
    }
}
