using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

internal static class PublishMode
{
    private const string Refusal =
        "This AppHost was built on a NuGet feed without the Aspire packages and can only run on this machine; build it on a feed that serves Aspire.Hosting.AppHost to publish or deploy it.";

    /// <summary>Run mode, unless publishing is asked for: that ends the process with one sentence.</summary>
    public static DistributedApplicationOperation Refuse(IConfiguration configuration)
    {
        var operation = configuration["operation"] ?? configuration["AppHost:Operation"];
        var publishes =
            string.Equals(operation, "publish", StringComparison.OrdinalIgnoreCase)
            || !string.IsNullOrEmpty(configuration["publisher"])
            || !string.IsNullOrEmpty(configuration["Publishing:Publisher"])
            || !string.IsNullOrEmpty(configuration["step"]);
        if (!publishes)
        {
            return DistributedApplicationOperation.Run;
        }

        if (BuilderObserver.Current is not null)
        {
            throw new DistributedApplicationException(Refusal);
        }

        Console.Error.WriteLine(Refusal);
        Environment.Exit(1);
        throw new DistributedApplicationException(Refusal);
    }
}
