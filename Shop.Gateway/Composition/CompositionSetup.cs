namespace Shop.Gateway.Composition;

/// <summary>What composed answers need: a client for each service that they ask.</summary>
internal static class CompositionSetup
{
    private static readonly string[] Services = ["users", "ordering", "billing", "notifications", "search"];

    public static void AddComposition(this IServiceCollection services)
    {
        services.AddTransient<CallerHeadersHandler>();
        services.AddScoped<ServiceReader>();
        foreach (var service in Services)
        {
            services
                .AddHttpClient(service, client => client.BaseAddress = new Uri("https+http://" + service))
                .AddHttpMessageHandler<CallerHeadersHandler>();
        }
    }
}
