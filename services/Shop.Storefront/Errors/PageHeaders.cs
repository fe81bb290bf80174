namespace Shop.Storefront.Errors;

/// <summary>The headers of every page.</summary>
internal static class PageHeaders
{
    /// <summary>Scripts, styles and pictures come from this site alone, and none of them is inline.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        // A page shows who is signed in and what is in the basket.
        headers.CacheControl = "no-store";
    }
}

/// <summary>Answers of pages that have no product, order or invoice to show.</summary>
internal static class NotFoundPage
{
    /// <summary>
    /// The page is shown with 404. Set while it is rendered, the status would make Blazor drop the page and leave the answer to
    /// the status code middleware; set when the answer starts, it does not.
    /// </summary>
    public static void SetNotFound(this HttpResponse response) =>
        response.OnStarting(() =>
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
}

/// <summary>Sets the headers for endpoints that are no components.</summary>
internal sealed class PageHeadersFilter : IEndpointFilter
{
    /// <inheritdoc />
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        PageHeaders.Set(context.HttpContext.Response.Headers);
        return next(context);
    }
}
