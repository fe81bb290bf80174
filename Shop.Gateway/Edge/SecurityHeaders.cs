namespace Shop.Gateway.Edge;

/// <summary>
/// Tells browsers what not to do with an answer: guess its type, frame it, run anything of it, pass addresses on, ask again
/// without TLS.
/// </summary>
/// <remarks>
/// Outside Development TLS ends right in front of the gateway, so it cannot tell from the connection and always says
/// <c>Strict-Transport-Security</c>; browsers ignore that where there was no TLS.
/// </remarks>
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment)
{
    private readonly bool isDevelopment = environment.IsDevelopment();

    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment, so that they stand once, whatever a service or an error page wrote.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
            // A page that needs more than data says so itself.
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            }

            if (!isDevelopment)
            {
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}
