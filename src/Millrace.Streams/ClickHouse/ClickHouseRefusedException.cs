using System.Text.RegularExpressions;

namespace Millrace.Streams.ClickHouse;

/// <summary>ClickHouse lets this user not in, or not do it. The message is one sentence that ends with what to do.</summary>
public sealed partial class ClickHouseRefusedException(string message, Exception? cause = null) : ClickHouseTroubleException(message, cause)
{
    // src/Common/ErrorCodes.cpp of ClickHouse.
    const int UnknownDatabase = 81;
    const int UnknownUser = 192;
    const int WrongPassword = 193;
    const int RequiredPassword = 194;
    const int AccessDenied = 497;
    const int AuthenticationFailed = 516;

    /// <summary>null when the refusal is the statement's own fault.</summary>
    public static ClickHouseRefusedException? For(ClickHouseException refusal, StandEndpoints endpoints) =>
        refusal.Code == AccessDenied
            ? new(MissingRight(refusal.Message, endpoints) ?? refusal.Message, refusal)
            : ForAddress(refusal, endpoints);

    /// <summary>
    /// null unless no statement at all would be taken:
    /// the user is not let in, or the address names a database that is not there.
    /// </summary>
    public static ClickHouseRefusedException? ForAddress(ClickHouseException refusal, StandEndpoints endpoints) => refusal.Code switch
    {
        UnknownUser or WrongPassword or RequiredPassword or AuthenticationFailed => new(WrongCredentials(endpoints), refusal),
        UnknownDatabase when MissingDatabase().Match(refusal.Message).Groups["name"].Value == endpoints.Database =>
            new(
                $"ClickHouse at {endpoints.ClickHouse} has no database {endpoints.Database}: "
                    + $"type  CREATE DATABASE {endpoints.Database}  there, or name another one",
                refusal),
        _ => null,
    };

    static string WrongCredentials(StandEndpoints endpoints) =>
        $"ClickHouse at {endpoints.ClickHouse} does not let user {endpoints.ClickHouseUser} in: "
            + "give the right user and password, with --clickhouse http://USER:PASSWORD@HOST:PORT/ or in a profile";

    /// <summary>
    /// null when it is no right that is missing: what our own ClickHouse refuses, it refuses everybody, and says what to do.
    /// </summary>
    static string? MissingRight(string text, StandEndpoints endpoints) => Grant().Match(text) is { Success: true } match
        ? $"ClickHouse at {endpoints.ClickHouse} does not let user {endpoints.ClickHouseUser} do that: "
            + $"let its administrator type  GRANT {match.Groups["grant"].Value} TO {endpoints.ClickHouseUser}"
        : null;

    /// <summary>"... it's necessary to have the grant CREATE TABLE ON default.orders_table. (ACCESS_DENIED)": ContextAccess.cpp.</summary>
    [GeneratedRegex(
        @"necessary to have (at least one of these grants|the grant) (?<grant>.+?)\.? \(ACCESS_DENIED\)",
        RegexOptions.Singleline)]
    private static partial Regex Grant();

    /// <summary>"Database shop does not exist. (UNKNOWN_DATABASE)": DatabaseCatalog.cpp.</summary>
    [GeneratedRegex(@"Database `?(?<name>[^`]+?)`? does(n't| not) exist")]
    private static partial Regex MissingDatabase();
}
