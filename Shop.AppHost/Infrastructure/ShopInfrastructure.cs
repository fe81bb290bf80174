namespace Shop.AppHost.Infrastructure;

/// <summary>What the services stand on. Services get connection strings and never know where they come from.</summary>
/// <param name="AddDatabase">Adds a database with a login of its own, by its connection name, such as <c>orderingdb</c>.</param>
/// <param name="Cache">Redis.</param>
/// <param name="Messaging">Azure Service Bus.</param>
/// <param name="Mail">SMTP.</param>
internal sealed record ShopInfrastructure(
    Func<string, IResourceBuilder<IResourceWithConnectionString>> AddDatabase,
    IResourceBuilder<IResourceWithConnectionString> Cache,
    IResourceBuilder<IResourceWithConnectionString> Messaging,
    IResourceBuilder<IResourceWithConnectionString> Mail
);

/// <summary>Chooses where the infrastructure comes from: <c>Shop:Infrastructure</c> = auto, processes or containers.</summary>
internal static class InfrastructureExtensions
{
    public static async Task<ShopInfrastructure> AddInfrastructureAsync(this IDistributedApplicationBuilder builder)
    {
        var choice = builder.Configuration["Shop:Infrastructure"] ?? "auto";
#if ASPIRE_PACKAGES
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddAzure();
        if (choice == "containers" || (choice == "auto" && await ContainerRuntime.AnswersAsync()))
            return builder.AddContainers();
#endif
        return choice switch
        {
            "auto" or "processes" => await builder.AddProcessesAsync(),
            "containers" => throw new DistributedApplicationException(
                "Shop:Infrastructure=containers needs the Aspire packages, which the NuGet sources of this machine do not serve; leave the option out to run without containers."
            ),
            _ => throw new DistributedApplicationException(
                $"Shop:Infrastructure is '{choice}'; it takes 'auto', 'processes' or 'containers'."
            ),
        };
    }
}
