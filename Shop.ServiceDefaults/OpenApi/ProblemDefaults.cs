using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>
/// Adds what is answered before an endpoint is reached or when it fails, so that an endpoint has to declare only the problems
/// that are its own.
/// </summary>
internal sealed class ProblemDefaults(IAuthorizationPolicyProvider policies) : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var statuses = new SortedSet<int>
        {
            StatusCodes.Status500InternalServerError,
            StatusCodes.Status503ServiceUnavailable,
        };
        statuses.UnionWith(OfTheRequest(operation));
        if (await PolicyAsync(context.Description.ActionDescriptor.EndpointMetadata) is { } policy)
        {
            statuses.UnionWith(OfTheCaller(policy));
            operation.Security ??= [];
            operation.Security.Add(
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(DocumentDefaults.Bearer, context.Document)] = [],
                }
            );
            // Or, which is the same by another way.
            operation.Security.Add(
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(DocumentDefaults.OAuth2, context.Document)] =
                    [
                        DocumentDefaults.Scope,
                    ],
                }
            );
        }

        operation.Responses ??= [];
        statuses.UnionWith(operation.Responses.Keys.Select(Status).Where(status => status >= 400));
        foreach (var status in statuses)
        {
            var key = status.ToString(CultureInfo.InvariantCulture);
            operation.Responses[key] = OtherThanProblems(operation.Responses.GetValueOrDefault(key))
                is { Count: > 0 } others
                ? ProblemResponses.Create(status, context.Document!, others)
                : new OpenApiResponseReference(ProblemResponses.Key(status), context.Document);
        }
    }

    /// <summary>What an endpoint declares to answer an error with beside problem details, as GraphQL does.</summary>
    private static Dictionary<string, OpenApiMediaType> OtherThanProblems(IOpenApiResponse? response) =>
        (response?.Content ?? new Dictionary<string, OpenApiMediaType>())
            .Where(content => content.Key != ProblemResponses.ContentType)
            .ToDictionary();

    private static int Status(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    private static IEnumerable<int> OfTheRequest(OpenApiOperation operation)
    {
        var parameters = operation.Parameters ?? [];
        if (parameters.Any(parameter => parameter.In == ParameterLocation.Path))
        {
            yield return StatusCodes.Status404NotFound;
        }

        if (operation.RequestBody is not null)
        {
            yield return StatusCodes.Status400BadRequest;
            yield return StatusCodes.Status408RequestTimeout;
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
        else if (parameters.Any(parameter => parameter.In == ParameterLocation.Query))
        {
            yield return StatusCodes.Status400BadRequest;
        }
    }

    private static IEnumerable<int> OfTheCaller(AuthorizationPolicy policy)
    {
        yield return StatusCodes.Status401Unauthorized;
        if (policy.Requirements.Any(requirement => requirement is not DenyAnonymousAuthorizationRequirement))
        {
            yield return StatusCodes.Status403Forbidden;
        }
    }

    private async Task<AuthorizationPolicy?> PolicyAsync(IList<object> metadata) =>
        metadata.OfType<IAllowAnonymous>().Any()
            ? null
            : await AuthorizationPolicy.CombineAsync(
                policies,
                metadata.OfType<IAuthorizeData>(),
                metadata.OfType<AuthorizationPolicy>()
            );
}
