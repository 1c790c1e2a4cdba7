using Millrace.Cli.Basics;
using Millrace.Streams.Replay;
using Spectre.Console;

namespace Millrace.Cli.Output;

/// <summary>Shows how far a replay is: a bar on a terminal, a line now and then where nobody looks.</summary>
sealed class ReplayView(TimeProvider time)
{
    static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    readonly ReplayPace _pace = new(time);

    /// <param name="replay">Is given whom to tell.</param>
    public async Task<ReplayReport> ShowAsync(OutputFormat output, Func<Action<ReplayProgress>, Task<ReplayReport>> replay)
    {
        if (!Terminal.IsInteractive || output == OutputFormat.Json) return await replay(Lines());
        var columns = new ProgressColumn[]
        {
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new RemainingTimeColumn(),
        };
        return await AnsiConsole.Progress().AutoClear(true).Columns(columns).StartAsync(async context =>
        {
            var task = context.AddTask("reading");
            return await replay(progress =>
            {
                task.MaxValue = Math.Max(1, progress.Total);
                task.Value = progress.Total == 0 ? 1 : progress.Done;
                task.Description = Markup.Escape($"{progress.SoFar.Stream}  {_pace.Rate(progress)}  {ReplayPace.Rows(progress.SoFar)}");
            });
        });
    }

    Action<ReplayProgress> Lines()
    {
        var last = time.GetTimestamp();
        return progress =>
        {
            if (time.GetElapsedTime(last) < LineEvery) return;
            last = time.GetTimestamp();
            Terminal.Note(_pace.Sentence(progress) + ".");
        };
    }
}
