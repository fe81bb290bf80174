using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Shop.ServiceDefaults;

namespace Shop.Messaging;

/// <summary>What operators do with a context's messages over HTTP.</summary>
public static class OperationsEndpoints
{
    /// <summary>
    /// Maps <c>/api/operations/&lt;context&gt;</c>: the dead letters (list, read, redrive) and the outbox, for operators only.
    /// </summary>
    /// <param name="endpoints">The module's endpoints.</param>
    /// <param name="context">The context's name, as in <see cref="MessagingExtensions.AddMessaging"/>.</param>
    public static void MapOperations(this IEndpointRouteBuilder endpoints, string context)
    {
        ArgumentException.ThrowIfNullOrEmpty(context);
        endpoints.MapDeadLetters(context);
        endpoints
            .MapGet(
                $"/api/operations/{context}/outbox",
                async (IEnumerable<OutboxReader> readers, CancellationToken cancellationToken) =>
                    TypedResults.Ok(
                        await readers.Single(reader => reader.Context == context).ReadAsync(cancellationToken)
                    )
            )
            .WithName($"Get{char.ToUpperInvariant(context[0])}{context[1..]}Outbox")
            .WithSummary($"Tells what {context} has not sent yet, and what could not be sent.")
            .WithTags("Operations")
            .RequireAuthorization(Policies.Operator);
    }
}
