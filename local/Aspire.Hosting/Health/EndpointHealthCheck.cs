using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Healthy when an HTTP endpoint answers with the expected status.</summary>
internal sealed class EndpointHealthCheck(
    EndpointReference endpoint,
    string path,
    int expectedStatus,
    IHttpClientFactory clients
) : IHealthCheck
{
    public const string HttpClientName = "Aspire.Hosting.Health";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        if (!endpoint.IsAllocated)
        {
            return HealthCheckResult.Unhealthy($"Endpoint '{endpoint.EndpointName}' has no address yet.");
        }

        var uri = new Uri(new Uri(endpoint.Url), path);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.GetAsync(
                uri,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return (int)response.StatusCode == expectedStatus
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(
                    $"{uri} answered {(int)response.StatusCode} instead of {expectedStatus}."
                );
        }
        catch (HttpRequestException exception)
        {
            return HealthCheckResult.Unhealthy($"{uri} does not answer.", exception);
        }
    }
}
