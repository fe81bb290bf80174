using Microsoft.Extensions.DependencyInjection;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults;

/// <summary>What a service does instead of serving when its first argument is a verb, such as <c>reindex</c>.</summary>
public static class VerbExtensions
{
    /// <summary>Lets the process of the module run <paramref name="run"/> when its first argument is <paramref name="name"/>.</summary>
    /// <param name="services">The module's services.</param>
    /// <param name="name">One word in kebab-case; a process has one verb of a name, and <c>migrate</c> and <c>healthcheck</c> are taken.</param>
    /// <param name="description">What it does, as a clause without a full stop: "builds the index anew".</param>
    /// <param name="run">
    /// Gets the services of a scope of its own, the arguments after the verb, and a token that is cancelled when the process
    /// is told to stop; returns the exit code. No server and no background work runs beside it. An exception becomes one
    /// sentence on standard error and exit code 1.
    /// </param>
    public static void AddVerb(
        this IServiceCollection services,
        string name,
        string description,
        Func<IServiceProvider, string[], CancellationToken, Task<int>> run
    )
    {
        var taken =
            name is Verbs.Migrate or HealthCheckVerb.Name
            || services.Any(service => (service.ImplementationInstance as Verb)?.Name == name);
        if (taken || !Verbs.IsVerb([name]))
        {
            throw new ArgumentException($"'{name}' is taken or cannot be a verb.", nameof(name));
        }

        services.AddSingleton(new Verb(name, description, run));
    }
}
