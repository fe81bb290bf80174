using Shop.Messaging;
using Shop.Search.Data;
using Shop.ServiceDefaults;

namespace Shop.Search;

/// <summary>Search: finds products by words, typos and beginnings of words, in a read model of its own.</summary>
public sealed class SearchModule : IModule
{
    /// <inheritdoc />
    public static string Name => "search";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<SearchDbContext>("searchdb");
        builder.AddMessaging<SearchDbContext>(Name, messaging => { });
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints) => ArgumentNullException.ThrowIfNull(endpoints);
}
