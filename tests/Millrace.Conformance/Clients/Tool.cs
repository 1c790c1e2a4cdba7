using System.Diagnostics;

namespace Millrace.Conformance.Clients;

/// <summary>Runs a foreign client to its end.</summary>
static class Tool
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>What it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error; the message has what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Limit);
        using var kill = limit.Token.Register(process.Kill);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}{await output}");
    }
}
