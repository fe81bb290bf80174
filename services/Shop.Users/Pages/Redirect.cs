namespace Shop.Users.Pages;

/// <summary>To another page of this site, with GET. Relative, since the site's address is the gateway's.</summary>
internal static class Redirect
{
    public static IResult To(string path) => new SeeOther(path);

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            httpContext.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }
}
