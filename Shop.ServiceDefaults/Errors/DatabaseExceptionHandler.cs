using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Shop.ServiceDefaults.Errors;

/// <summary>
/// Database errors that are nobody's bug: somebody else was quicker (409), it does not answer now (503), or a text has a
/// character that it cannot hold (400).
/// </summary>
internal sealed partial class DatabaseExceptionHandler(
    IProblemDetailsService problems,
    ILogger<DatabaseExceptionHandler> logger
) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (Describe(exception) is not { } problem)
        {
            return ValueTask.FromResult(false);
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            Log.NoAnswer(logger, exception);
            httpContext.Response.Headers.RetryAfter = "1";
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem }
        );
    }

    private static ProblemDetails? Describe(Exception exception) =>
        exception switch
        {
            DbUpdateConcurrencyException => new ProblemDetails
            {
                Status = StatusCodes.Status409Conflict,
                Type = Problems.TypeUri("concurrent-change"),
                Title = "Somebody changed it at the same moment",
                Detail = "Read it again, then repeat the request.",
            },
            NpgsqlException { IsTransient: true } => new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Type = Problems.TypeUri("unavailable"),
                Title = "The service cannot reach its data",
                Detail = "Nothing was changed as far as we know; repeat the request in a moment.",
            },
            PostgresException
            {
                SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter
            } => new ProblemDetails
            {
                Status = StatusCodes.Status400BadRequest,
                Type = Problems.TypeUri("validation"),
                Title = "The request is not valid",
                Detail = "Leave out the character U+0000 and send the request again.",
                Extensions = { ["errors"] = new Dictionary<string, string[]> { ["$"] = ["Must not have NUL in it."] } },
            },
            // A text in an index takes 2,704 bytes at most, however few characters it is seen as.
            PostgresException { SqlState: PostgresErrorCodes.ProgramLimitExceeded } => new ProblemDetails
            {
                Status = StatusCodes.Status400BadRequest,
                Type = Problems.TypeUri("validation"),
                Title = "The request is not valid",
                Detail = "Shorten the longest text: it has too many bytes to be sorted.",
                Extensions =
                {
                    ["errors"] = new Dictionary<string, string[]>
                    {
                        ["$"] = ["Must not have a text of that many bytes."],
                    },
                },
            },
            // EF Core wraps them, some twice.
            { InnerException: { } inner } => Describe(inner),
            _ => null,
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database does not answer")]
        public static partial void NoAnswer(ILogger logger, Exception exception);
    }
}
