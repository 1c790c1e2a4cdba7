using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Page.Http;
using Millrace.Streams;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;
using Millrace.Streams.Status;

namespace Millrace.Page.Stand;

/// <summary>The stand that a page shows, for whatever answers its views. Any thread may use it.</summary>
/// <param name="supervisor">null for a stand without a supervisor of ours.</param>
/// <param name="stopping">Set when the page ends: an answer without an end ends too.</param>
sealed partial class PageStand(PageOptions options, StatusHub hub, ISupervisor? supervisor, ILogger log, CancellationToken stopping)
{
    readonly Lazy<KafkaAdmin> _kafka = new(() => new KafkaAdmin(options.Endpoints));
    volatile StreamCatalog? _catalog;

    public PageOptions Options => options;

    public StandEndpoints Endpoints => options.Endpoints;

    /// <summary>One client for all who look, as long as the page: making one takes longer than most answers.</summary>
    public KafkaAdmin Kafka => _kafka.Value;

    /// <inheritdoc cref="Kafka"/>
    public ClickHouseClient ClickHouse { get; } = new(options.Endpoints);

    /// <summary>For whatever reads records of topics: each reading takes a client, a thread and what the client fetches ahead.</summary>
    public ConcurrencyLimit Reading { get; } = new(4);

    public StatusHub Hub => hub;

    public ISupervisor? Supervisor => supervisor;

    public CancellationToken Stopping => stopping;

    public ILogger Log => log;

    /// <summary>As the files say it now, or said it when they could last be used: an edit with a mistake hides no stand that runs.</summary>
    /// <exception cref="StreamDefinitionException">They never could.</exception>
    public StreamCatalog Catalog
    {
        get
        {
            try { return _catalog = StreamCatalog.Load(options.Streams); }
            catch (StreamDefinitionException) when (_catalog is not null) { return _catalog; }
        }
    }

    /// <summary>By its name or its topic.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public StreamDefinition Stream(string name) => Catalog.Find(name) ?? throw NoStream(name);

    /// <summary>By its topic or its name.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public StreamDefinition StreamOf(string topic) => Catalog.FindTopic(topic) ?? throw NoStream(topic);

    /// <summary>What went wrong becomes one sentence in JSON, with the status that says whose trouble it is.</summary>
    public async Task AnswerTroubleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked went away, or the page ends.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var status = e switch
            {
                RefusedException refused => refused.Status,
                BadHttpRequestException bad => bad.StatusCode,
                ClickHouseUnavailableException or KafkaUnavailableException => StatusCodes.Status503ServiceUnavailable,
                ClickHouseTroubleException => StatusCodes.Status422UnprocessableEntity,
                StreamDefinitionException or KafkaPropertyException => StatusCodes.Status409Conflict,
                DdlRefusedException or PauseRefusedException or TopicRecreatedException or GroupTakenException => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status500InternalServerError,
            };
            if (status == StatusCodes.Status500InternalServerError) Failed(log, context.Request.Path, e);
            await Answer.JsonAsync(context, status, new TroubleAnswer(e.Message)).ConfigureAwait(false);
        }
    }

    static RefusedException NoStream(string name) => new(StatusCodes.Status404NotFound, $"No stream is called {name}.");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    static partial void Failed(ILogger log, string path, Exception exception);
}

/// <summary>Why there is no answer, in one sentence. Immutable.</summary>
sealed record TroubleAnswer(string Error);
