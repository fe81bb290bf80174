namespace Shop.Gateway.Edge;

/// <summary>Tells browsers not to guess content types, not to frame the pages, and not to pass addresses on.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment, so that they stand once, whatever a service or an error page wrote.
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                return Task.CompletedTask;
            },
            context.Response
        );
        return next(context);
    }
}
