namespace Millrace.Cli.Tests.Supervision;

/// <summary>
/// Tests that take a lock, let go of it and expect it to be free: they run alone. A process that another test starts holds every lock of
/// this one from its fork to its exec, by copies of the descriptors.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LocksCollection
{
    public const string Name = "locks";
}
