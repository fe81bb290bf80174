using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

internal static class PublishMode
{
    /// <summary>Run mode, unless publishing is asked for.</summary>
    /// <exception cref="DistributedApplicationException">Publishing is asked for.</exception>
    public static DistributedApplicationOperation Refuse(IConfiguration configuration)
    {
        var operation = configuration["operation"] ?? configuration["AppHost:Operation"];
        var publishes =
            string.Equals(operation, "publish", StringComparison.OrdinalIgnoreCase)
            || !string.IsNullOrEmpty(configuration["publisher"])
            || !string.IsNullOrEmpty(configuration["Publishing:Publisher"]);
        return publishes
            ? throw new DistributedApplicationException(
                "This AppHost was built on a NuGet feed without the Aspire packages and can only run on this machine; build it on a feed that serves Aspire.Hosting.AppHost to publish or deploy it."
            )
            : DistributedApplicationOperation.Run;
    }
}
