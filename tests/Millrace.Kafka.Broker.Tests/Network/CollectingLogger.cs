using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Tests.Network;

/// <summary>Keeps what the broker says, for tests about what it says.</summary>
/// <remarks>Thread-safe.</remarks>
sealed class CollectingLogger : ILoggerFactory, ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public IReadOnlyList<string> Warnings => [.. _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text)];

    public IReadOnlyList<string> Infos => [.. _entries.Where(entry => entry.Level == LogLevel.Information).Select(entry => entry.Text)];

    /// <summary>Called with each text after it was kept; what it throws goes to whoever logs.</summary>
    public Action<string> Kept { get; set; } = _ => { };

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = $"{formatter(state, exception)} {exception?.Message}".Trim();
        _entries.Enqueue((logLevel, text));
        Kept(text);
    }

    public void Dispose()
    {
    }
}
