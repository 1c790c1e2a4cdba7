using System.Globalization;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Http;

namespace Millrace.ClickHouse.Tests.Http;

/// <summary>Codes are numbers in our table and names in ClickHouse's: the engine itself tells which number has which name.</summary>
[Collection(EngineCollection.Name)]
public sealed class ExceptionStatusTests(EngineFixture engine)
{
    [Theory]
    [InlineData(401, "REQUIRED_PASSWORD")]
    [InlineData(403, "UNKNOWN_USER WRONG_PASSWORD AUTHENTICATION_FAILED SET_NON_GRANTED_ROLE ACCESS_DENIED")]
    [InlineData(400, "BAD_ARGUMENTS CANNOT_COMPILE_REGEXP CANNOT_PARSE_TEXT CANNOT_PARSE_ESCAPE_SEQUENCE CANNOT_PARSE_QUOTED_STRING")]
    [InlineData(400, "CANNOT_PARSE_DATE CANNOT_PARSE_DATETIME CANNOT_PARSE_NUMBER CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING")]
    [InlineData(400, "CANNOT_PARSE_IPV4 CANNOT_PARSE_IPV6 CANNOT_PARSE_INPUT_ASSERTION_FAILED CANNOT_PARSE_UUID")]
    [InlineData(400, "DUPLICATE_COLUMN ILLEGAL_COLUMN THERE_IS_NO_COLUMN UNKNOWN_ELEMENT_IN_AST UNKNOWN_TYPE_OF_AST_NODE")]
    [InlineData(400, "TOO_DEEP_AST TOO_BIG_AST")]
    [InlineData(400, "UNEXPECTED_AST_STRUCTURE SYNTAX_ERROR INCORRECT_DATA TYPE_MISMATCH VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE")]
    [InlineData(404, "UNKNOWN_TABLE UNKNOWN_FUNCTION UNKNOWN_IDENTIFIER UNKNOWN_TYPE UNKNOWN_STORAGE UNKNOWN_DATABASE UNKNOWN_SETTING")]
    [InlineData(404, "UNKNOWN_DATABASE_ENGINE UNKNOWN_TYPE_OF_QUERY UNKNOWN_ROLE")]
    [InlineData(404, "UNKNOWN_DIRECTION_OF_SORTING UNKNOWN_AGGREGATE_FUNCTION UNKNOWN_FORMAT")]
    [InlineData(408, "TIMEOUT_EXCEEDED")]
    [InlineData(411, "HTTP_LENGTH_REQUIRED")]
    [InlineData(413, "QUERY_IS_TOO_LARGE")]
    [InlineData(415, "UNSUPPORTED_MEDIA_TYPE")]
    [InlineData(501, "NOT_IMPLEMENTED")]
    [InlineData(503, "SOCKET_TIMEOUT CANNOT_OPEN_FILE CANNOT_SCHEDULE_TASK")]
    [InlineData(500, "READONLY MEMORY_LIMIT_EXCEEDED UNKNOWN_EXCEPTION")]
    public async Task A_code_has_the_status_that_clickhouse_gives_it(int status, string names)
    {
        foreach (var name in names.Split(' '))
        {
            var code = await engine.Ask($"SELECT number FROM numbers(2000) WHERE errorCodeToName(number) = '{name}'");
            Assert.Equal((name, status), (name, ExceptionStatus.Of(int.Parse(code, CultureInfo.InvariantCulture))));
        }
    }

    [Theory]
    [InlineData("CANNOT_READ_ALL_DATA", ErrorCodes.CannotReadAllData)]
    [InlineData("TOO_MANY_SIMULTANEOUS_QUERIES", ErrorCodes.TooManySimultaneousQueries)]
    [InlineData("QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", ErrorCodes.QueryWithSameIdIsAlreadyRunning)]
    [InlineData("UNKNOWN_TYPE_OF_QUERY", ErrorCodes.UnknownTypeOfQuery)]
    [InlineData("INTO_OUTFILE_NOT_ALLOWED", ErrorCodes.IntoOutfileNotAllowed)]
    [InlineData("UNKNOWN_EXCEPTION", ErrorCodes.UnknownException)]
    public async Task The_codes_that_the_host_raises_are_clickhouses(string name, int code) =>
        Assert.Equal(name, await engine.Ask($"SELECT errorCodeToName({code})"));
}
