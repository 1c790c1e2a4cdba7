namespace Millrace.Streams.Events;

/// <summary>Says when the next report is due and works out the rates since the last. For one thread.</summary>
sealed class ReportClock(TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    long _reported = time.GetTimestamp();
    long _generated;
    long _acknowledged;

    public bool IsDue => time.GetElapsedTime(_reported) >= Interval;

    public EmitterReport Make(int targetPerSecond, IReadOnlyList<TopicReport> topics, bool isWaiting, bool isFinal, string? lastError)
    {
        var seconds = Math.Max(time.GetElapsedTime(_reported).TotalSeconds, 0.001);
        var report = new EmitterReport(time.GetUtcNow(), targetPerSecond, 0, 0, isWaiting, isFinal, lastError, topics);
        report = report with
        {
            GeneratedPerSecond = Math.Round((report.Generated - _generated) / seconds, 1),
            AcknowledgedPerSecond = Math.Round((report.Acknowledged - _acknowledged) / seconds, 1),
        };
        (_reported, _generated, _acknowledged) = (time.GetTimestamp(), report.Generated, report.Acknowledged);
        return report;
    }
}
