using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>
/// A server that the AppHost starts as a plain process on 127.0.0.1 and that services reach by a connection string.
/// Its endpoint is not proxied: databases, cache and bus are spoken to directly.
/// </summary>
internal sealed class ServerProcess : ExecutableResource, IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public ServerProcess(
        string name,
        string command,
        string workingDirectory,
        Func<EndpointReference, ReferenceExpression> connectionString
    )
        : base(name, command, workingDirectory)
    {
        Endpoint = new EndpointReference(this, EndpointName);
        ConnectionStringExpression = connectionString(Endpoint);
    }

    public EndpointReference Endpoint { get; }

    public ReferenceExpression ConnectionStringExpression { get; }
}

internal static class ServerProcessExtensions
{
    public static IResourceBuilder<ServerProcess> AddServerProcess(
        this IDistributedApplicationBuilder builder,
        ServerProcess server,
        Func<string, CancellationToken, Task> isHealthy
    )
    {
        var check = $"{server.Name}-answers";
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    check,
                    _ => new AnswerCheck(server, isHealthy),
                    failureStatus: HealthStatus.Unhealthy,
                    tags: null
                )
            );
        return builder
            .AddResource(server)
            .WithEndpoint(port: FreePort.Next(), scheme: "tcp", name: ServerProcess.EndpointName, isProxied: false)
            .WithEnvironment("DOTNET_TieredPGO", "0") // starts a little sooner; PostgreSQL and Node.js do not mind
            .WithHealthCheck(check);
    }

    private sealed class AnswerCheck(ServerProcess server, Func<string, CancellationToken, Task> isHealthy)
        : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken
        )
        {
            var connectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken);
            if (connectionString is null)
                return HealthCheckResult.Unhealthy($"{server.Name} has no address yet.");
            try
            {
                await isHealthy(connectionString, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                return HealthCheckResult.Unhealthy($"{server.Name} does not answer yet: {error.Message}");
            }
        }
    }
}
