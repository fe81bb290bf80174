using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

internal static class AspNetCoreUrls
{
    /// <summary>Makes a project listen on its HTTP endpoints' own ports.</summary>
    public static void Set(ProjectResource project, EnvironmentCallbackContext context)
    {
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in project.GetEndpoints())
        {
            var annotation = endpoint.EndpointAnnotation;
            if (annotation.UriScheme is not ("http" or "https") || HasOwnVariable(annotation))
            {
                continue;
            }

            if (!urls.IsEmpty)
            {
                urls.AppendLiteral(";");
            }

            urls.Append(
                $"{annotation.UriScheme}://{annotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}"
            );
        }

        if (!urls.IsEmpty)
        {
            context.EnvironmentVariables.TryAdd("ASPNETCORE_URLS", urls.Build());
        }
    }

    private static bool HasOwnVariable(EndpointAnnotation endpoint) => endpoint.EnvironmentVariable is not null;
}
