using Microsoft.Extensions.Logging;
using Millrace.Cli.Basics;

namespace Millrace.Cli.Roles;

/// <summary>
/// Diagnostics of a role: one line per entry on stderr, exceptions in the lines after it. The supervisor adds the time. Any thread may log,
/// and none waits for whoever reads it.
/// </summary>
sealed class RoleLoggerProvider : ILoggerProvider
{
    public static ILoggerFactory CreateFactory() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Information)
        // Kestrel's and hosting's own words say nothing that a user of the stand can act on.
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddProvider(new RoleLoggerProvider()));

    public ILogger CreateLogger(string categoryName) => new RoleLogger(categoryName);

    public void Dispose() { }

    sealed class RoleLogger(string category) : ILogger
    {
        readonly string _shortCategory = category[(category.LastIndexOf('.') + 1)..];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{Word(logLevel)} {_shortCategory}: {formatter(state, exception)}";
            Terminal.Diagnostic(exception is null ? line : $"{line}{Environment.NewLine}{exception}");
        }

        static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "critical",
        };
    }
}
