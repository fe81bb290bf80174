using System.Globalization;
using System.Security.Claims;

namespace Shop.Gateway.Edge;

/// <summary>
/// Tells the services who was authenticated and when the request arrived, beside the correlation id. They are for logs and
/// routing; what a user may do, a service reads from the token.
/// </summary>
internal sealed class InsideHeaders(RequestDelegate next, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        // As nginx and others write it: seconds since 1970.
        headers["X-Request-Start"] = string.Create(
            CultureInfo.InvariantCulture,
            $"t={time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0:0.000}"
        );
        if (UserOf(context) is { } user)
        {
            headers["X-User-ID"] = user;
            headers["X-User-Role"] = string.Join(',', context.User.FindAll("role").Select(role => role.Value));
        }

        return next(context);
    }

    public static string? UserOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true } ? context.User.FindFirstValue("sub") : null;
}
