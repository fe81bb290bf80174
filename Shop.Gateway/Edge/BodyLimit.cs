using Microsoft.AspNetCore.Http.Features;

namespace Shop.Gateway.Edge;

/// <summary>
/// Refuses a body that announces itself as too long before a service hears of it. One that does not say how long it is gets
/// cut off by the server at the same limit.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, IProblemDetailsService problems)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength is not { } length || limit is null || length <= limit)
        {
            await next(context);
            return;
        }

        await problems.RefuseAsync(
            context,
            StatusCodes.Status413PayloadTooLarge,
            "body-too-large",
            "The body is too large",
            $"The body has {length} bytes and may have at most {limit}; send less."
        );
    }
}
