using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.EndToEnd.Compose;

/// <summary>Docker, where there is one.</summary>
static class ContainerEngine
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Why no stand can be brought up here; null when one can.</summary>
    public static string? Missing { get; } = WhatIsMissing();

    /// <summary>docker-compose 1.29 where it is installed, else docker compose: both have to read the file.</summary>
    public static string[] Compose { get; } = Prerequisites.OnPath("docker-compose") ? ["docker-compose"] : ["docker", "compose"];

    public static async Task<CommandResult> RunAsync(string folder, IEnumerable<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Limit);
        using var kill = late.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    static string? WhatIsMissing()
    {
        if (!Prerequisites.OnPath("docker")) return "no container engine: docker is not installed";
        using var info = Process.Start(new ProcessStartInfo("docker", ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(info.StandardOutput.ReadToEndAsync(), info.StandardError.ReadToEndAsync());
        info.WaitForExit();
        said.Wait();
        return info.ExitCode == 0 ? null : "no container engine: docker info finds none running";
    }
}

/// <summary>A fact that needs a container engine. A machine without one is excused, on CI too.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = ContainerEngine.Missing;
}
