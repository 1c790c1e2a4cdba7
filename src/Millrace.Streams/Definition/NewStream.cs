namespace Millrace.Streams.Definition;

/// <summary>
/// Writes a definition to fill in (<see cref="StreamTemplate"/>) into a folder of definitions, which need not be there yet.
/// </summary>
public static class NewStream
{
    /// <summary>The file beside the definitions by which editors complete and check them.</summary>
    internal const string Schema = "stream.schema.json";

    /// <summary>A definition is no secret, and the users of containers read it too.</summary>
    const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <returns>The definition's full path.</returns>
    /// <exception cref="StreamDefinitionException">
    /// Name or topic can't be used, or the folder's definitions, with which the new one must go together.
    /// </exception>
    public static string Write(string directory, string name, string topic)
    {
        if (StreamFile.NameFault(name) is { } badName) throw new StreamDefinitionException(badName);
        if (StreamFile.TopicFault(topic) is { } badTopic) throw new StreamDefinitionException(badTopic);
        var (file, text) = (Path.Combine(directory, $"{name}.yaml"), StreamTemplate.For(name, topic));
        StreamCatalog.RequireRoom(directory, file, text);
        Directory.CreateDirectory(directory);
        WriteNew(file, text);
        var schema = Path.Combine(directory, Schema);
        if (!File.Exists(schema)) WriteNew(schema, SchemaText());
        return file;
    }

    static void WriteNew(string file, string text)
    {
        using (var stream = new FileStream(file, FileMode.CreateNew))
        {
            using var writer = new StreamWriter(stream);
            writer.Write(text);
        }
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, Readable);
    }

    static string SchemaText()
    {
        using var reader = new StreamReader(typeof(NewStream).Assembly.GetManifestResourceStream(Schema)!);
        return reader.ReadToEnd();
    }
}
