using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Http;

/// <summary>Puts the correlation id into the response, the request's log scope and its span.</summary>
internal sealed class CorrelationIdMiddleware(RequestDelegate next, ILogger<CorrelationIdMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var correlationId = CorrelationId.Establish(context);
        // The exception handler clears the headers, so they are set at the last moment.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[CorrelationId.HeaderName] = correlationId;
            return Task.CompletedTask;
        });
        Activity.Current?.SetTag("shop.correlation_id", correlationId);

        using (logger.BeginScope(new[] { KeyValuePair.Create("CorrelationId", (object?)correlationId) }))
        {
            await next(context);
        }
    }
}
