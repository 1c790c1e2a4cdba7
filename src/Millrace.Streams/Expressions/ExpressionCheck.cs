using System.Text.RegularExpressions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Types;

namespace Millrace.Streams.Expressions;

/// <summary>
/// Lets ClickHouse judge the SQL of definitions before anything is made of it: <c>expr:</c> must give the column's type and <c>ttl:</c> a
/// moment, and neither may fail for any record. Reads only.
/// </summary>
public static partial class ExpressionCheck
{
    /// <summary>Rows on which an expression is tried.</summary>
    const int MostRows = 20_000;

    /// <summary>A producer may give any timestamp: ends of their types, too.</summary>
    static readonly (string Name, ColumnType Type)[] Origin =
    [
        ("kafka_topic", ColumnTypes.Parse("LowCardinality(String)")!),
        ("kafka_partition", ColumnTypes.Parse("UInt32")!),
        ("kafka_offset", ColumnTypes.Parse("UInt64")!),
        ("kafka_timestamp", ColumnTypes.Parse("DateTime64(3)")!),
    ];

    /// <exception cref="StreamDefinitionException">An expression can't be used.</exception>
    /// <exception cref="ClickHouseTroubleException">ClickHouse gave no answer.</exception>
    public static async Task RunAsync(ClickHouseClient client, StreamCatalog catalog, CancellationToken cancellation)
    {
        foreach (var stream in catalog.Streams)
        {
            await RequireFormatAsync(client, stream, cancellation).ConfigureAwait(false);
            foreach (var column in stream.Columns)
            {
                if (column.Expression is { } computed)
                {
                    var known = stream.Columns.TakeWhile(other => other != column).Concat(stream.ReadColumns).Distinct().ToList();
                    await RequireAsync(new Checked(client, stream, column, "expr", computed, known), GivesType, cancellation)
                        .ConfigureAwait(false);
                }
                if (column.Ttl is { } ttl)
                    await RequireAsync(new Checked(client, stream, column, "ttl", ttl, stream.Columns), GivesMoment, cancellation)
                        .ConfigureAwait(false);
            }
        }
    }

    /// <summary>A regular expression may be none to ClickHouse.</summary>
    static async Task RequireFormatAsync(ClickHouseClient client, StreamDefinition stream, CancellationToken cancellation)
    {
        if (stream.Format.IsJson) return;
        try
        {
            await client.QueryAsync<Line>($"SELECT {stream.Format.ToJson("materialize('')")} AS explain", cancellation: cancellation)
                .ConfigureAwait(false);
        }
        catch (ClickHouseException e) when (!e.IsOfServer)
        {
            throw stream.Places.Wrong(stream.File, "pattern", $"ClickHouse does not take it: {Fault(e)}");
        }
    }

    static async Task RequireAsync(Checked one, Func<Checked, string, string?> typeFault, CancellationToken cancellation)
    {
        var tree = await one.TreeAsync(cancellation).ConfigureAwait(false);
        if (SafeFunctions.Fault(tree) is { } fault) throw one.Wrong(fault);
        if (typeFault(one, tree.Type) is { } misfit) throw one.Wrong(misfit);
        await one.TryAsync(tree, cancellation).ConfigureAwait(false);
    }

    static string? GivesType(Checked one, string given)
    {
        var type = one.Column.Type;
        if (given == type.Sql || Plain(given) == Plain(type.Sql)) return null;
        if (type.IsNullable && SafeFunctions.Bare(given) == SafeFunctions.Bare(type.Sql)) return null;
        if (type is BoolType && SafeFunctions.Bare(given) == "UInt8" && (type.IsNullable || given == "UInt8")) return null;
        return SafeFunctions.Bare(given) == SafeFunctions.Bare(type.Sql)
            ? $"may be NULL, and the type is {type.Sql}; write type: {given}, or ifNull(...) around it"
            : $"gives {given}, but the type is {type.Sql}; write type: {given}, or convert it";
    }

    /// <summary>A dictionary is made of its values without fail.</summary>
    static string Plain(string type) => type.StartsWith("LowCardinality(", StringComparison.Ordinal) ? type[15..^1] : type;

    static string? GivesMoment(Checked one, string given) => given.StartsWith("Date", StringComparison.Ordinal)
        ? null
        : $"gives {given}; write a Date, DateTime or DateTime64 that is never NULL, as in time + INTERVAL 30 DAY";

    sealed record Checked(
        ClickHouseClient Client, StreamDefinition Stream, ColumnDefinition Column, string Field, string Expression,
        IReadOnlyList<ColumnDefinition> Known)
    {
        public StreamDefinitionException Wrong(string what) => Column.Places.Wrong(Stream.File, Field, what);

        public async Task<QueryTreeNode> TreeAsync(CancellationToken cancellation)
        {
            var structure = string.Join(
                ", ",
                [.. Known.Select(column => $"{column.Name} {column.Type.Sql}"), .. Origin.Select(one => $"{one.Name} {one.Type.Sql}")]);
            var lines = await AskAsync(
                $"EXPLAIN QUERY TREE run_passes = 1 SELECT ({Expression}) AS value FROM null({Sql.Text(structure)})", cancellation)
                .ConfigureAwait(false);
            return QueryTreeNode.Read([.. lines.SelectMany(line => line.Explain.Split('\n'))]);
        }

        /// <summary>Runs it on the ends of the types of the columns that it names.</summary>
        public async Task TryAsync(QueryTreeNode tree, CancellationToken cancellation)
        {
            var named = tree.All.Where(node => node.Kind == "COLUMN").Select(node => node.Name.Split('.')[0]).ToHashSet();
            var columns = Known.Where(column => named.Contains(column.Name)).ToList();
            var rows = Origin.Where(one => named.Contains(one.Name)).Concat(columns.Select(column => (column.Name, column.Type)))
                .Select(one => $"arrayJoin([{string.Join(", ", one.Type.Ends)}]) AS {one.Name}").DefaultIfEmpty("1 AS one");
            var query = $"SELECT toString(sum(ignore(({Expression})))) AS explain FROM (SELECT {string.Join(", ", rows)} LIMIT {MostRows})";
            await AskAsync(query, cancellation).ConfigureAwait(false);
        }

        async Task<IReadOnlyList<Line>> AskAsync(string query, CancellationToken cancellation)
        {
            try
            {
                return await Client.QueryAsync<Line>(query, cancellation: cancellation).ConfigureAwait(false);
            }
            catch (ClickHouseException e) when (!e.IsOfServer)
            {
                throw Wrong($"ClickHouse does not take {Expression}: {Fault(e)}");
            }
        }
    }

    static string Fault(ClickHouseException e) =>
        (Sentence().Match(e.Message) is { Success: true } match ? match.Groups["sentence"].Value : e.Message).TrimEnd('.');

    /// <summary>What it says, without its number and the query.</summary>
    [GeneratedRegex(
        @"^(?:Code: \d+\. )?(?:DB::Exception: )?(?<sentence>.*?)"
            + @"(?::? In scope |: while executing|: \(at|\. Expected one of|: In query| \([A-Z_]+\)\s*\z|\z)",
        RegexOptions.Singleline)]
    private static partial Regex Sentence();

    sealed record Line(string Explain);
}
