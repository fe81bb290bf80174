using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Shop.ServiceDefaults.Data;

namespace Shop.ServiceDefaults;

/// <summary>Runs a module as a service of its own; a service's <c>Program.cs</c> is one call of it.</summary>
public static class ModuleHost
{
    /// <summary>
    /// Serves the module over HTTP until the process is told to stop; before that, when the setting <c>Migrate:AtStart</c> is
    /// true, it does what the verb <c>migrate</c> does. With the verb <c>migrate</c> as the first argument it
    /// brings the module's databases up to date and seeds them instead, and with a verb that the module has declared
    /// (<see cref="VerbExtensions.AddVerb"/>) it does that; neither starts a server or background work.
    /// </summary>
    /// <returns>The exit code: 0, or 1 after one sentence on standard error that says what went wrong.</returns>
    public static Task<int> RunAsync<TModule>(string[] args)
        where TModule : IModule =>
        args switch
        {
            [Verbs.Migrate, .. var rest] => Migrations.RunAsync(
                TModule.Name,
                CreateBuilder<TModule>(rest),
                Console.Out,
                Console.Error
            ),
            [_, .. var rest] when Verbs.IsVerb(args) => Verbs.RunAsync(
                TModule.Name,
                args,
                CreateBuilder<TModule>(rest),
                Console.Error
            ),
            _ => ServeAsync<TModule>(args),
        };

    private static async Task<int> ServeAsync<TModule>(string[] args)
        where TModule : IModule
    {
        var builder = CreateBuilder<TModule>(args);
        builder.Logging.AddMigrationFilter();
        await using var app = builder.Build();
        if (
            app.Configuration.GetValue("Migrate:AtStart", defaultValue: false)
            && await Migrations.RunAsync(TModule.Name, app, Console.Out, Console.Error) is not 0 and var failed
        )
        {
            return failed;
        }

        app.UseServiceDefaults();
        TModule.MapEndpoints(app);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException or SocketException)
        {
            await Console.Error.WriteLineAsync(
                $"{TModule.Name} cannot listen: {exception.Message} Stop the other process, or set ASPNETCORE_URLS to a free port."
            );
            return 1;
        }
    }

    private static WebApplicationBuilder CreateBuilder<TModule>(string[] args)
        where TModule : IModule
    {
        // The slim builder starts faster. What it leaves out is IIS, static web assets and logging to the debugger and the
        // Windows event log, none of which a service uses; TLS ends at the gateway's ingress.
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults();
        TModule.AddServices(builder);
        return builder;
    }
}
