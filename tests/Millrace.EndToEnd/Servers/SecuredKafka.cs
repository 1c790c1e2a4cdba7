using Millrace.Testing;

namespace Millrace.EndToEnd.Servers;

/// <summary>
/// The real Apache Kafka that lets in who has a password (SASL PLAIN), and lets only <c>admin</c> do something. Its profiles lie in a
/// folder of their own.
/// </summary>
public sealed class SecuredKafka : IAsyncLifetime
{
    static readonly string[] Settings =
    [
        // The listener keeps its name and changes its protocol.
        "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_PLAINTEXT",
        "inter.broker.listener.name=PLAINTEXT",
        "sasl.enabled.mechanisms=PLAIN",
        "sasl.mechanism.inter.broker.protocol=PLAIN",
        "listener.name.plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
            + """username="admin" password="it's secret" user_admin="it's secret" user_guest="guest";""",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:admin;User:ANONYMOUS",
    ];

    readonly TemporaryDirectory _directory = new();
    ApacheKafkaServer? _server;

    public async Task InitializeAsync()
    {
        if (Prerequisites.Missing(Prerequisite.ApacheKafka) is null) _server = await ApacheKafkaServer.StartAsync(Settings);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _directory.Dispose();
    }

    /// <returns>Path of a profile with these credentials.</returns>
    internal string Profile(string user, string password, string? more = null)
    {
        var path = _directory.Sub($"{user}-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, $"""
            kafka:
              bootstrap: {_server!.Bootstrap}
              properties:
                security.protocol: sasl_plaintext
                sasl.mechanism: PLAIN
                sasl.username: {user}
                sasl.password: "{password}"
            {more}
            """);
        return path;
    }
}
