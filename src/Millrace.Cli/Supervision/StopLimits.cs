namespace Millrace.Cli.Supervision;

/// <summary>How long things may take to end: one set, so that nobody gives up on what is still within its own limit.</summary>
static class StopLimits
{
    /// <summary>
    /// For one service to stop. ClickHouse takes up to 9 s (Millrace.ClickHouse.StopLimits); the emitter waits 5 s for acknowledgements.
    /// </summary>
    public static readonly TimeSpan Service = TimeSpan.FromSeconds(10);

    /// <summary>For a killed process to be gone.</summary>
    public static readonly TimeSpan Kill = TimeSpan.FromSeconds(5);

    /// <summary>For views, logs and the state file, once the services are gone.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>For a supervisor to stop all its services one by one and to end.</summary>
    public static TimeSpan Stand(int services) => services * (Service + Kill) + Rest;

    /// <summary>For services whose supervisor was killed: they stop side by side.</summary>
    public static readonly TimeSpan Leftovers = Service + Kill;
}
