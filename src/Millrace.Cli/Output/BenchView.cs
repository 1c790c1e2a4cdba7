using Millrace.Bench;
using Millrace.Cli.Basics;
using Spectre.Console;

namespace Millrace.Cli.Output;

/// <summary>Shows how far measurements are: a bar on a terminal, a line for each run where nobody looks.</summary>
static class BenchView
{
    /// <param name="measure">Is given whom to tell.</param>
    public static async Task<T> ShowAsync<T>(OutputFormat output, Func<Action<BenchProgress>, Task<T>> measure)
    {
        if (!Terminal.IsInteractive || output == OutputFormat.Json) return await measure(Lines());
        var columns = new ProgressColumn[]
        {
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
        };
        return await AnsiConsole.Progress().AutoClear(true).Columns(columns).StartAsync(async context =>
        {
            var task = context.AddTask("starts");
            return await measure(progress =>
            {
                task.MaxValue = 1;
                task.Value = progress.Share;
                task.Description = Markup.Escape($"{progress.Title}: {progress.Doing}, {Left(progress)}");
            });
        });
    }

    static Action<BenchProgress> Lines()
    {
        var last = "";
        return progress =>
        {
            if (progress.Title == last) return;
            last = progress.Title;
            Terminal.Note($"{progress.Title}, {Left(progress)}.");
        };
    }

    static string Left(BenchProgress progress) => $"{Humanize.Duration(progress.Left)} left";
}
