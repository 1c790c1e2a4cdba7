using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Keeps what the broker says, for tests about what it says.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class CollectingLogger : ILoggerFactory, ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public IReadOnlyList<string> Warnings => [.. _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, $"{formatter(state, exception)} {exception?.Message}".Trim()));

    public void Dispose()
    {
    }
}
