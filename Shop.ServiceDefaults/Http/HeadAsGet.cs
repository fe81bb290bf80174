using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// Answers HEAD as GET without the body (RFC 9110, 9.3.2), for every GET that there is. Before routing, which knows GET alone;
/// the server leaves out the body.
/// </summary>
internal sealed class HeadAsGet : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(AnswerAsync);
            next(app);
        };

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        var caller = context.RequestAborted;
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(caller);
        context.Request.Method = HttpMethods.Get;
        context.RequestAborted = answered.Token;
        // A stream of events would go on for as long as somebody listens.
        context.Response.OnStarting(() =>
            context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true
                ? answered.CancelAsync()
                : Task.CompletedTask
        );
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (answered.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            // The stream has ended with its headers.
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.RequestAborted = caller;
        }
    }
}
