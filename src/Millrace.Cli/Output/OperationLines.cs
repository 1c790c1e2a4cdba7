using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Streams.Ddl;

namespace Millrace.Cli.Output;

/// <summary>The operations of a plan in words, with what each costs: a line for each, and one for all views of a stream.</summary>
static class OperationLines
{
    /// <summary>
    /// What a DROP or CREATE of a view takes on two cores, as a stream stands still for them (bench/results): an estimate, told as one.
    /// </summary>
    const double SecondsForEach = 0.03;

    public static IEnumerable<string> Of(IReadOnlyList<Operation> operations)
    {
        var views = operations.Where(operation => operation.IsOfChain).ToLookup(operation => operation.Stream);
        var told = new HashSet<string?>();
        foreach (var operation in operations)
        {
            if (!operation.IsOfChain) yield return Line(operation);
            else if (told.Add(operation.Stream)) yield return ViewsLine([.. views[operation.Stream]]);
        }
    }

    static string ViewsLine(IReadOnlyList<Operation> views)
    {
        var stream = views[0].Stream;
        var made = views.Where(view => view.Kind == OperationKind.CreateObject).Select(view => view.Object).Distinct().ToList();
        var dropped = views.Where(view => view.Kind == OperationKind.DropObject).Select(view => view.Object).Distinct().ToList();
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0.1, views.Count * SecondsForEach):0.0}");
        return (made.Count, dropped.Count) switch
        {
            (_, 0) => $"+ stream {stream}: its queue table and views are made ({made.Count} objects)",
            (0, _) => $"- stream {stream} is read no more ({dropped.Count} objects)",
            _ => $"~ stream {stream} stands still for {seconds} s or more: {Made(made)} made anew",
        };
    }

    static string Made(IReadOnlyList<string> names) => names is [var only]
        ? $"{only} is"
        : $"its {names.Count} views and tables without rows are";

    static string Line(Operation operation) => operation.Kind switch
    {
        OperationKind.CreateObject => $"+ table {operation.Object} is made",
        OperationKind.DropObject => $"- {operation.Object} is dropped: {operation.Why}",
        OperationKind.AddColumn => $"+ column {operation.Object}.{operation.Column} {operation.Becomes}: costs nothing",
        OperationKind.ModifyColumn =>
            $"~ column {operation.Object}.{operation.Column} becomes {operation.Becomes}: {Rewrites(operation)}, "
                + "while it is read and written",
        OperationKind.KeepColumn => $"~ column {operation.Object}.{operation.Column} has {operation.Becomes}: costs nothing",
        OperationKind.ExpireColumn =>
            $"~ column {operation.Object}.{operation.Column} has {operation.Becomes}: {Rewrites(operation)}, and empties what is past it"
                + (operation.Needs is { } word ? $": LOSES DATA, needs --allow {word}" : ""),
        OperationKind.RenameColumn => $"~ column {operation.Object}.{operation.Column} is renamed to {operation.Becomes}: costs nothing",
        OperationKind.DropColumn =>
            $"- column {operation.Object}.{operation.Column} goes, from {Humanize.Count(operation.LosesRows)} rows: LOSES DATA, "
                + $"needs --allow {operation.Needs}",
        OperationKind.RebuildTable =>
            $"~ {operation.Why}: the table is made anew, which {Rewrites(operation)}, while it is read and written",
        _ => $"~ {operation.Object}: {operation.Why}",
    };

    static string Rewrites(Operation operation) =>
        $"rewrites {Humanize.Count(operation.Rows)} rows, {Humanize.Bytes(operation.Bytes)}";
}
