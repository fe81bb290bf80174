using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults;

/// <summary>The modules of one process, each listed once.</summary>
public sealed class ModuleSet
{
    private readonly List<(
        string Name,
        Action<IHostApplicationBuilder> Add,
        Action<IEndpointRouteBuilder> Map
    )> _modules = [];

    /// <summary>The modules' names, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. _modules.Select(module => module.Name)];

    /// <summary>Adds a module.</summary>
    /// <returns>This, for the next one.</returns>
    public ModuleSet Add<TModule>()
        where TModule : IModule
    {
        _modules.Add((TModule.Name, TModule.AddServices, TModule.MapEndpoints));
        return this;
    }

    internal void AddServices(IHostApplicationBuilder builder) => _modules.ForEach(module => module.Add(builder));

    internal void MapEndpoints(IEndpointRouteBuilder endpoints) => _modules.ForEach(module => module.Map(endpoints));
}
