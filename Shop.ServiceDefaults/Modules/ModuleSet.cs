using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults;

/// <summary>The modules of one process, each listed once.</summary>
public sealed class ModuleSet
{
    private readonly List<string> _names = [];
    private readonly List<(Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map)> _parts = [];

    /// <summary>The modules' names, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Adds a module.</summary>
    /// <returns>This, for the next one.</returns>
    public ModuleSet Add<TModule>()
        where TModule : IModule
    {
        _names.Add(TModule.Name);
        return Add(TModule.AddServices, TModule.MapEndpoints);
    }

    /// <summary>Adds what is no bounded context: it has no name, no database and no queue.</summary>
    /// <param name="addServices">Adds its services.</param>
    /// <param name="mapEndpoints">Maps its endpoints.</param>
    /// <returns>This, for the next one.</returns>
    public ModuleSet Add(Action<IHostApplicationBuilder> addServices, Action<IEndpointRouteBuilder> mapEndpoints)
    {
        _parts.Add((addServices, mapEndpoints));
        return this;
    }

    internal void AddServices(IHostApplicationBuilder builder) => _parts.ForEach(part => part.Add(builder));

    internal void MapEndpoints(IEndpointRouteBuilder endpoints) => _parts.ForEach(part => part.Map(endpoints));
}
