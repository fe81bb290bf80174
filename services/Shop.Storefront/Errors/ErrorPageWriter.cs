using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Storefront.Session;

namespace Shop.Storefront.Errors;

/// <summary>Shows browsers a page where programs get problem details.</summary>
internal sealed class ErrorPageWriter : IProblemDetailsWriter
{
    /// <inheritdoc />
    public bool CanWrite(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        return (
                endpoint is null or { DisplayName: null } || endpoint.Metadata.GetMetadata<StorefrontPage>() is not null
            )
            && !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && http.Request.GetTypedHeaders()
                .Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc />
    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        PageHeaders.Set(context.HttpContext.Response.Headers);
        await new RazorComponentResult<ErrorPage>(
            new Dictionary<string, object?> { [nameof(ErrorPage.Status)] = status }
        )
        {
            StatusCode = status,
        }.ExecuteAsync(context.HttpContext);
    }
}

internal static class ErrorPageSetup
{
    public static void AddErrorPages(this IServiceCollection services) =>
        // The first writer that can write does.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ErrorPageWriter>());
}
