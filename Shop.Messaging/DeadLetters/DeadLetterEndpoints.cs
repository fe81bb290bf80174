using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults;

namespace Shop.Messaging;

/// <summary>Dead letters over HTTP, for operators.</summary>
internal static partial class DeadLetterEndpoints
{
    private const int MaxPageSize = 100;
    private const int DefaultPageSize = 20;

    // Below what the gateway waits for.
    private static readonly TimeSpan RedriveLimit = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Maps <c>/api/operations/&lt;context&gt;/dead-letters</c>: the list, one of them with its body, and the redrive of one or
    /// all, each for operators only.
    /// </summary>
    /// <param name="endpoints">The module's endpoints.</param>
    /// <param name="context">The context's name, as in <see cref="MessagingExtensions.AddMessaging"/>.</param>
    public static void MapDeadLetters(this IEndpointRouteBuilder endpoints, string context)
    {
        ArgumentException.ThrowIfNullOrEmpty(context);
        var named = char.ToUpperInvariant(context[0]) + context[1..];
        var letters = endpoints
            .MapGroup($"/api/operations/{context}/dead-letters")
            .WithTags("Operations")
            .RequireAuthorization(Policies.Operator);
        letters
            .MapGet(
                "",
                (
                    long? cursor,
                    int? pageSize,
                    IEnumerable<DeadLetterQueue> queues,
                    CancellationToken cancellationToken
                ) => ListAsync(Of(queues, context), cursor, pageSize, cancellationToken)
            )
            .WithName($"List{named}DeadLetters")
            .WithSummary($"Lists messages that {context} could not handle, the oldest first, without their bodies.");
        letters
            .MapGet(
                "{sequenceNumber:long}",
                (long sequenceNumber, IEnumerable<DeadLetterQueue> queues, CancellationToken cancellationToken) =>
                    GetAsync(Of(queues, context), sequenceNumber, cancellationToken)
            )
            .WithName($"Get{named}DeadLetter")
            .WithSummary("Shows a dead letter with its body.")
            .Produces<DeadLetter>()
            .ProducesProblems(StatusCodes.Status404NotFound);
        letters
            .MapPost("{sequenceNumber:long}/redrive", RedriveAsync)
            .WithName($"Redrive{named}DeadLetter")
            .WithSummary("Has a dead letter handled again.")
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        letters
            .MapPost("redrive", RedriveAllAsync)
            .WithName($"RedriveAll{named}DeadLetters")
            .WithSummary("Has every dead letter handled again; those that fail meanwhile stay.");

        Task<Results<Ok<RedriveReport>, ProblemHttpResult>> RedriveAsync(
            long sequenceNumber,
            IEnumerable<DeadLetterQueue> queues,
            ClaimsPrincipal user,
            ILogger<DeadLetterQueue> logger,
            CancellationToken cancellationToken
        )
        {
            Log.RedrivesOne(logger, user.GetUserId(), sequenceNumber, context);
            return RedriveOneAsync(Of(queues, context), sequenceNumber, cancellationToken);
        }

        async Task<Ok<RedriveReport>> RedriveAllAsync(
            IEnumerable<DeadLetterQueue> queues,
            ClaimsPrincipal user,
            ILogger<DeadLetterQueue> logger,
            CancellationToken cancellationToken
        )
        {
            Log.RedrivesAll(logger, user.GetUserId(), context);
            return TypedResults.Ok(await Of(queues, context).RedriveAllAsync(RedriveLimit, cancellationToken));
        }
    }

    private static DeadLetterQueue Of(IEnumerable<DeadLetterQueue> queues, string context) =>
        queues.Single(queue => queue.Context == context);

    private static async Task<Results<Ok<DeadLetterPage>, ProblemHttpResult>> ListAsync(
        DeadLetterQueue queue,
        long? cursor,
        int? pageSize,
        CancellationToken cancellationToken
    )
    {
        var broken = new Dictionary<string, string[]>();
        if (cursor < 0)
        {
            broken["cursor"] = ["Must be the nextCursor of a page, or left out."];
        }

        if (pageSize is < 1 or > MaxPageSize)
        {
            broken["pageSize"] = [$"Must be from 1 to {MaxPageSize}."];
        }

        return broken.Count > 0
            ? Problems.Validation(broken)
            : TypedResults.Ok(await queue.ListAsync(cursor ?? 0, pageSize ?? DefaultPageSize, cancellationToken));
    }

    private static async Task<Results<Ok<DeadLetter>, ProblemHttpResult>> GetAsync(
        DeadLetterQueue queue,
        long sequenceNumber,
        CancellationToken cancellationToken
    ) =>
        await queue.FindAsync(sequenceNumber, cancellationToken) is { } letter
            ? TypedResults.Ok(letter)
            : Unknown(queue.Context, sequenceNumber);

    private static async Task<Results<Ok<RedriveReport>, ProblemHttpResult>> RedriveOneAsync(
        DeadLetterQueue queue,
        long sequenceNumber,
        CancellationToken cancellationToken
    ) =>
        await queue.RedriveAsync(sequenceNumber, cancellationToken) switch
        {
            DeadLetterOutcome.Done => TypedResults.Ok(new RedriveReport(1, Done: true)),
            DeadLetterOutcome.Unknown => Unknown(queue.Context, sequenceNumber),
            _ => Problems.Conflict(
                "dead-letter-busy",
                "It is locked, or many dead letters are before it: somebody else may be redriving at this moment. Look again in a while, or redrive all."
            ),
        };

    private static ProblemHttpResult Unknown(string context, long sequenceNumber) =>
        Problems.NotFound($"{context} has no dead letter {sequenceNumber}; it may have been redriven already.");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{UserId} redrives dead letter {SequenceNumber} of {Context}")]
        public static partial void RedrivesOne(ILogger logger, Guid userId, long sequenceNumber, string context);

        [LoggerMessage(LogLevel.Information, "{UserId} redrives all dead letters of {Context}")]
        public static partial void RedrivesAll(ILogger logger, Guid userId, string context);
    }
}
