using System.Text.Json.Serialization;

namespace Millrace.Streams.Ddl;

/// <summary>One change that a plan makes, whatever statements it takes. Immutable.</summary>
/// <param name="Object">The table or view.</param>
/// <param name="Why">What makes it necessary, in a few words.</param>
public sealed record Operation(OperationKind Kind, string Object, string Why)
{
    /// <summary>Whose it is; null for what several streams share, or none any more.</summary>
    public string? Stream { get; init; }

    public string? Column { get; init; }

    /// <summary>The object is between a stream's topic and its tables, and holds no rows.</summary>
    [JsonIgnore]
    public bool IsOfChain { get; init; }

    /// <summary>What the table or the column becomes, in a few words; null where its kind says all.</summary>
    public string? Becomes { get; init; }

    /// <summary>Rows that are written anew; 0 for a change that costs nothing of the kind.</summary>
    public long Rows { get; init; }

    /// <summary>As much as these rows take on disk now, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Rows whose values are lost; 0 for none.</summary>
    public long LosesRows { get; init; }

    /// <summary>The word that allows it (<c>--allow</c>), as it loses data; null for what needs none.</summary>
    public string? Needs { get; init; }
}

/// <summary>The kinds of <see cref="Operation"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
public enum OperationKind
{
    [JsonStringEnumMemberName("create_object")]
    CreateObject,

    [JsonStringEnumMemberName("drop_object")]
    DropObject,

    [JsonStringEnumMemberName("add_column")]
    AddColumn,

    /// <summary>To a type that holds all values of before: readers see it at once, ClickHouse rewrites the rows behind it.</summary>
    [JsonStringEnumMemberName("modify_column")]
    ModifyColumn,

    /// <summary>The column's codec or comment, or no TTL any more: of rows that are stored nothing is written anew.</summary>
    [JsonStringEnumMemberName("keep_column")]
    KeepColumn,

    /// <summary>Its values go after a while, those that are past it at once.</summary>
    [JsonStringEnumMemberName("expire_column")]
    ExpireColumn,

    [JsonStringEnumMemberName("rename_column")]
    RenameColumn,

    [JsonStringEnumMemberName("drop_column")]
    DropColumn,

    /// <summary>A projection or an index of the stand's own.</summary>
    [JsonStringEnumMemberName("add_projection")]
    AddProjection,

    /// <summary>Copies the rows into a table that is as defined, which then takes the name.</summary>
    [JsonStringEnumMemberName("rebuild_table")]
    RebuildTable,
}
