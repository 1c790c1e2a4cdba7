namespace Millrace.ClickHouse.Errors;

/// <summary>The error codes that the host itself raises or looks at: ClickHouse's src/Common/ErrorCodes.cpp.</summary>
static class ErrorCodes
{
    public const int CannotReadAllData = 33;
    public const int NotImplemented = 48;
    public const int SyntaxError = 62;
    public const int UnknownTypeOfQuery = 78;
    public const int TooManySimultaneousQueries = 202;
    public const int QueryWithSameIdIsAlreadyRunning = 216;
    public const int NotEnoughSpace = 243;
    public const int ReadOnly = 164;
    public const int IntoOutfileNotAllowed = 358;
    public const int HttpLengthRequired = 381;
    public const int AccessDenied = 497;
    public const int AuthenticationFailed = 516;
    public const int UnknownException = 1002;
}
