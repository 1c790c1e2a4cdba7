namespace Millrace.Streams.Explain;

/// <summary>What a query may take that somebody who only looks has not asked for by name.</summary>
static class QueryBounds
{
    /// <summary>For counts: then it answers with what it has read until then.</summary>
    public const string Settings =
        "SETTINGS max_rows_to_read = 5000000, read_overflow_mode = 'break', max_execution_time = 5, timeout_overflow_mode = 'break'";

    /// <summary>For the newest rows: among a part of the rows they would be others, so it is all of them in time, or a refusal.</summary>
    public const string WholeSettings = "SETTINGS max_execution_time = 5, timeout_overflow_mode = 'throw'";
}
