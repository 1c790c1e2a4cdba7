namespace Millrace.ClickHouse.Http;

/// <summary>The HTTP status for an error code: ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.</summary>
static class ExceptionStatus
{
    public static int Of(int code) => code switch
    {
        // REQUIRED_PASSWORD
        194 => 401,
        // UNKNOWN_USER, WRONG_PASSWORD, ACCESS_DENIED, SET_NON_GRANTED_ROLE, AUTHENTICATION_FAILED
        192 or 193 or 497 or 512 or 516 => 403,
        // CANNOT_PARSE_TEXT, _ESCAPE_SEQUENCE, _QUOTED_STRING, _INPUT_ASSERTION_FAILED, _DATE, _DATETIME, _NUMBER, _UUID,
        // _DOMAIN_VALUE_FROM_STRING, _IPV4, _IPV6
        6 or 25 or 26 or 27 or 38 or 41 or 72 or 376 or 441 or 675 or 676 => 400,
        // THERE_IS_NO_COLUMN, DUPLICATE_COLUMN, BAD_ARGUMENTS, UNKNOWN_ELEMENT_IN_AST, ILLEGAL_COLUMN, TYPE_MISMATCH, SYNTAX_ERROR,
        // INCORRECT_DATA
        8 or 15 or 36 or 37 or 44 or 53 or 62 or 117 => 400,
        // UNKNOWN_TYPE_OF_AST_NODE, TOO_DEEP_AST, TOO_BIG_AST, UNEXPECTED_AST_STRUCTURE, VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE,
        // CANNOT_COMPILE_REGEXP
        123 or 167 or 168 or 223 or 321 or 427 => 400,
        // UNKNOWN_FUNCTION, _IDENTIFIER, _TYPE, _STORAGE, _TABLE, _AGGREGATE_FUNCTION, _FORMAT
        46 or 47 or 50 or 56 or 60 or 63 or 73 => 404,
        // UNKNOWN_TYPE_OF_QUERY, _DATABASE, _SETTING, _DIRECTION_OF_SORTING, _DATABASE_ENGINE, _ROLE
        78 or 81 or 115 or 152 or 336 or 511 => 404,
        // TIMEOUT_EXCEEDED
        159 => 408,
        // HTTP_LENGTH_REQUIRED
        381 => 411,
        // QUERY_IS_TOO_LARGE
        229 => 413,
        // UNSUPPORTED_MEDIA_TYPE
        779 => 415,
        // NOT_IMPLEMENTED
        48 => 501,
        // CANNOT_OPEN_FILE, SOCKET_TIMEOUT, CANNOT_SCHEDULE_TASK
        76 or 209 or 439 => 503,
        _ => 500,
    };
}
