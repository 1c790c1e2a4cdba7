namespace Millrace.Streams.Tests;

/// <summary>
/// A test on <see cref="ServersFixture"/>. Its databases go when it ends: each queue table that stayed would read on, and the threads
/// and connections of hundreds cost more than the tests do.
/// </summary>
public abstract class ServersTest(ServersFixture servers) : IAsyncLifetime
{
    protected ServersFixture Servers { get; } = servers;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Servers.DropDatabasesAsync();
}
