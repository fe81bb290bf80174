using Shop.ServiceDefaults;

namespace Shop.Notifications.Api;

/// <summary>The routes of <c>/api/notifications</c>.</summary>
internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder endpoints)
    {
        var notifications = endpoints.MapGroup("/api/notifications").WithTags("Notifications").RequireAuthorization();
        notifications.MapGet("", ListNotifications.HandleAsync).WithName("ListNotifications");
        notifications
            .MapPost("{id:guid}/retry", RetryNotification.HandleAsync)
            .RequireAuthorization(Policies.Operator)
            .WithName("RetryNotification")
            .ProducesProblems(StatusCodes.Status409Conflict);

        notifications
            .MapGet("outbox", ShowLocalOutbox.HandleAsync)
            .RequireAuthorization(Policies.Operator)
            .WithName("ShowLocalOutbox")
            .Produces<LocalOutboxView>()
            .ProducesHtmlToo();
    }
}
