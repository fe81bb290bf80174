using Microsoft.Extensions.Configuration;
using Shop.AppHost.Infrastructure.Azure;
using Shop.AppHost.Infrastructure.Processes;

namespace Shop.AppHost.Infrastructure;

/// <summary>The servers that services need. A service gets connection strings and does not know where a server runs.</summary>
/// <param name="AddDatabase">Adds a database with its own login, by its connection name, such as <c>orderingdb</c>.</param>
/// <param name="Cache">Redis.</param>
/// <param name="Messaging">Azure Service Bus.</param>
/// <param name="Mail">SMTP.</param>
internal sealed record ShopInfrastructure(
    Func<string, IResourceBuilder<IResourceWithConnectionString>> AddDatabase,
    IResourceBuilder<IResourceWithConnectionString> Cache,
    IResourceBuilder<IResourceWithConnectionString> Messaging,
    IResourceBuilder<IResourceWithConnectionString> Mail
);

/// <summary>Chooses where the infrastructure comes from: <c>Shop:Infrastructure</c> is <c>processes</c> or <c>containers</c>.</summary>
internal static class InfrastructureExtensions
{
    /// <exception cref="DistributedApplicationException"><c>Shop:Infrastructure</c> has another value.</exception>
    public static async Task<ShopInfrastructure> AddInfrastructureAsync(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddAzure();
        builder.UsePatientHealthChecks();
        builder.UseDirectEndpoints();
        return builder.Configuration.GetValue("Shop:Infrastructure", "processes") switch
        {
            "processes" => await builder.AddProcessesAsync(),
            "containers" => builder.AddContainers(),
            var other => throw new DistributedApplicationException(
                $"Shop:Infrastructure is '{other}'; it takes 'processes' or 'containers'."
            ),
        };
    }
}
