namespace Shop.Gateway.Edge;

/// <summary>
/// Removes the headers by which the system itself says who a user is. In Development they stay: there they are how a request
/// says it.
/// </summary>
internal sealed class OutsideIdentity(RequestDelegate next, IHostEnvironment environment)
{
    private const string Prefix = "X-User-";

    public Task InvokeAsync(HttpContext context)
    {
        if (!environment.IsDevelopment())
        {
            var headers = context.Request.Headers;
            foreach (
                var name in headers
                    .Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                    .ToArray()
            )
            {
                headers.Remove(name);
            }
        }

        return next(context);
    }
}
