using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Gateway.Composition;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Dashboard;

/// <summary>
/// <c>GET /api/dashboard</c>: profile, recent orders, open invoices and notifications of the caller in one round trip. The
/// services are asked at the same time; one that does not answer is named, and the others' parts are shown all the same.
/// </summary>
internal static class GetDashboard
{
    private const string RetryAfterSeconds = "1";
    private const int Parts = 4;

    public static void MapDashboard(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/api/dashboard", HandleAsync)
            .WithName("GetDashboard")
            .WithTags("Dashboard")
            .RequireAuthorization();

    private static async Task<Results<Ok<DashboardView>, ProblemHttpResult>> HandleAsync(
        HttpContext http,
        ServiceReader services,
        CancellationToken cancellationToken
    )
    {
        var profile = services.GetAsync<Profile>("users", "/api/users/me", cancellationToken);
        var orders = services.GetAsync<Page<Order>>("ordering", "/api/orders?pageSize=5", cancellationToken);
        var invoices = services.GetAsync<Page<Invoice>>(
            "billing",
            "/api/invoices?mine=true&status=UNPAID&pageSize=10",
            cancellationToken
        );
        var notifications = services.GetAsync<Page<Notification>>(
            "notifications",
            "/api/notifications?mine=true&pageSize=10",
            cancellationToken
        );
        await Task.WhenAll(profile, orders, invoices, notifications);

        (string Name, Outcome Outcome)[] parts =
        [
            ("profile", (await profile).Outcome),
            ("orders", (await orders).Outcome),
            ("invoices", (await invoices).Outcome),
            ("notifications", (await notifications).Outcome),
        ];
        if (parts.Any(part => part.Outcome == Outcome.Unauthenticated))
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
        }

        // Only the profile may be missing: whoever has no account may have orders.
        string[] unavailable =
        [
            .. parts
                .Where(part => part.Outcome != Outcome.Answered && part is not ("profile", Outcome.NotFound))
                .Select(part => part.Name),
        ];
        if (unavailable.Length == Parts)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(
            new DashboardView(
                (await profile).Value,
                (await orders).Value,
                (await invoices).Value,
                (await notifications).Value,
                unavailable
            )
        );
    }
}
