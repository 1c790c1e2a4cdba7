using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Kafka;

namespace Millrace.Cli.Commands;

/// <summary>
/// Says of a server of the stand that gives no answer what its supervisor knows: that it is restarting, or why it failed.
/// </summary>
static class ServerTrouble
{
    /// <summary>A service that came back this moment was away when it was asked.</summary>
    static readonly TimeSpan Recent = TimeSpan.FromSeconds(30);

    /// <summary>Runs what asks the servers.</summary>
    /// <exception cref="CliException">A server of the stand did not answer, and the supervisor knows why.</exception>
    public static async Task<T> ExplainAsync<T>(Invocation invocation, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (Explain(invocation, e) is { } explained)
        {
            throw explained;
        }
    }

    /// <returns>null when the failure speaks for itself.</returns>
    public static CliException? Explain(Invocation invocation, Exception failure)
    {
        var server = failure switch
        {
            KafkaUnavailableException => Servers.Kafka,
            ClickHouseUnavailableException => Servers.ClickHouse,
            _ => Servers.None,
        };
        if (server == Servers.None || !invocation.AsksTheStand(server)) return null;
        if (invocation.Stand is not { } stand) return new CliException(ExitCodes.NotRunning, invocation.NoStand, failure);
        var name = server == Servers.Kafka ? ServiceNames.Broker : ServiceNames.ClickHouse;
        return stand.Services.FirstOrDefault(service => service.Name == name) is { } service
            && Sentence(service, TimeProvider.System.GetUtcNow()) is { } sentence
            ? new CliException(ExitCodes.NotRunning, sentence, failure)
            : null;
    }

    internal static string? Sentence(ServiceStatus service, DateTimeOffset now)
    {
        var ago = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)(now - service.Since).TotalSeconds)} s ago");
        return service switch
        {
            { State: ServiceState.Restarting } => $"{service.Name} is restarting: {service.LastExit} {ago}, see  {Self.Command} ps",
            { State: ServiceState.Failed } => $"{service.Name} has failed ({service.LastExit}): see  {Self.Command} logs {service.Name}",
            { State: ServiceState.Running, Process.IsAlive: false } =>
                $"{service.Name} died this very moment and is about to restart: see  {Self.Command} ps",
            { State: ServiceState.Running, LastExit: { } exit } when now - service.Since < Recent =>
                $"{service.Name} came back {ago} ({exit}) and gave no answer meanwhile: try again",
            { State: ServiceState.Running } => null,
            { LastExit: { } exit } => $"{service.Name} is {StateWord.Of(service.State)} ({exit}): see  {Self.Command} ps",
            _ => $"{service.Name} is {StateWord.Of(service.State)}: see  {Self.Command} ps",
        };
    }
}
