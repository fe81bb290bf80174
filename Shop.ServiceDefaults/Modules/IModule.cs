using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults;

/// <summary>
/// A bounded context that can be hosted alone (one service) or together with others (one process). Neither member may
/// assume that it is the only module of its process.
/// </summary>
public interface IModule
{
    /// <summary>The context's name, such as <c>ordering</c>: its service name, its queue and its log context.</summary>
    static abstract string Name { get; }

    /// <summary>Adds everything the module needs: its database, its messaging, its services.</summary>
    static abstract void AddServices(IHostApplicationBuilder builder);

    /// <summary>Maps the module's HTTP endpoints.</summary>
    static abstract void MapEndpoints(IEndpointRouteBuilder endpoints);
}
