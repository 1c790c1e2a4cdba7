using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Millrace.Streams.Definition;

/// <summary>Parses what people write in YAML; what is no YAML is said with file, line and column.</summary>
public static class YamlText
{
    /// <exception cref="StreamDefinitionException">The text is no YAML.</exception>
    public static IList<YamlDocument> Parse(string file, TextReader text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(text);
        }
        catch (YamlException e)
        {
            throw YamlPosition.Error(file, e.Start.Line, e.Start.Column, "YAML", e.Message.TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18.1 fails so, without a place, where a flow sequence that never ends runs into a mapping (StreamFileTests).
            throw YamlPosition.Error(file, 1, 1, "YAML", "a bracket that is opened is never closed");
        }
        return yaml.Documents;
    }
}
