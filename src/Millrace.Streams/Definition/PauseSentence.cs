namespace Millrace.Streams.Definition;

/// <summary>Says of a stream that it is paused, wherever it is shown, with what to do.</summary>
public static class PauseSentence
{
    /// <param name="command">What the user types to run Millrace.</param>
    /// <param name="records">Which records of its topic wait.</param>
    public static string Of(string stream, string topic, string command, string records = "the records") =>
        $"Stream {stream} is paused, and {records} of {topic} wait: go on with  {command} resume {stream}";
}
