using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Diagnostics;
using Shop.Storefront.Session;

namespace Shop.Storefront.Errors;

/// <summary>Shows browsers a page where programs get problem details.</summary>
internal sealed class ErrorPageWriter(ILoggerFactory loggers) : IProblemDetailsWriter
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
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        // A scope of its own: the request's may have rendered a part of the page that failed.
        await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?> { [nameof(ErrorPage.Status)] = status };
            var page = await renderer.RenderComponentAsync<ErrorPage>(ParameterView.FromDictionary(parameters));
            return page.ToHtmlString();
        });
        PageHeaders.Set(http.Response.Headers);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(html, http.RequestAborted);
    }
}

internal static class ErrorPageSetup
{
    public static void AddErrorPages(this IServiceCollection services) =>
        // The first writer that can write does.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ErrorPageWriter>());
}
