using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure;

internal static class Ports
{
    /// <summary>Tests do not use the fixed ports: the testing builder asks the engine for random ones.</summary>
    public static bool HasRandomPorts(this IDistributedApplicationBuilder builder) =>
        string.Equals(builder.Configuration["DcpPublisher:RandomizePorts"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fails with one sentence when somebody else listens on a port that this run needs.</summary>
    public static void RequireFreePort(
        this IDistributedApplicationBuilder builder,
        int port,
        string what,
        string instead
    )
    {
        if (!builder.ExecutionContext.IsPublishMode && !builder.HasRandomPorts() && !FreePort.IsFree(port))
        {
            throw new DistributedApplicationException(
                $"Port {port}, which {what} needs, is in use by another program: stop that program, or start with {instead}."
            );
        }
    }
}
