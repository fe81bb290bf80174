using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults;

/// <summary>Runs modules as a process; a service's <c>Program.cs</c> is one call of it.</summary>
public static class ModuleHost
{
    /// <summary>
    /// Serves the module over HTTP until the process is told to stop; before that, when the setting <c>Migrate:AtStart</c> is
    /// true, it does what the verb <c>migrate</c> does. With the verb <c>migrate</c> as the first argument it
    /// brings the module's databases up to date and seeds them instead, with <c>healthcheck</c> it asks the process beside it
    /// whether it is alive, and with a verb that the module has declared
    /// (<see cref="VerbExtensions.AddVerb"/>) it does that; none starts a server or background work.
    /// </summary>
    /// <returns>The exit code: 0, or 1 after one sentence on standard error that says what went wrong.</returns>
    public static Task<int> RunAsync<TModule>(string[] args)
        where TModule : IModule => RunAsync(TModule.Name, args, new ModuleSet().Add<TModule>());

    /// <summary>The same for several modules in one process.</summary>
    /// <param name="name">The process's name, for messages.</param>
    /// <param name="args">The command line.</param>
    /// <param name="modules">The modules.</param>
    /// <param name="configure">Changes the host before the modules add their services.</param>
    /// <returns>The exit code: 0, or 1 after one sentence on standard error that says what went wrong.</returns>
    public static async Task<int> RunAsync(
        string name,
        string[] args,
        ModuleSet modules,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(modules);
        try
        {
            return await (
                args switch
                {
                    [HealthCheckVerb.Name, ..] => HealthCheckVerb.RunAsync(name, args, Console.Error),
                    [Verbs.Migrate, .. var rest] => Migrations.RunAsync(
                        name,
                        Builder(rest),
                        Console.Out,
                        Console.Error
                    ),
                    [_, .. var rest] when Verbs.IsVerb(args) => Verbs.RunAsync(
                        name,
                        args,
                        Builder(rest),
                        Console.Error
                    ),
                    _ => ServeAsync(name, Builder(args), modules),
                }
            );
        }
        catch (SettingException missing)
        {
            await missing.WriteAsync(Console.Error, name);
            return 1;
        }
        // A command checks the settings that it uses.
        catch (OptionsValidationException broken)
        {
            await new SettingException(string.Join('\n', broken.Failures)).WriteAsync(Console.Error, name);
            return 1;
        }

        WebApplicationBuilder Builder(string[] settings) => CreateBuilder(settings, modules, configure);
    }

    private static async Task<int> ServeAsync(string name, WebApplicationBuilder builder, ModuleSet modules)
    {
        builder.Logging.AddMigrationFilter();
        await using var app = builder.Build();
        app.UseServiceDefaults();
        if (
            Migrations.Options(app).AtStart
            && await Migrations.RunAsync(name, app, Console.Out, Console.Error) is not 0 and var failed
        )
        {
            return failed;
        }

        modules.MapEndpoints(app);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException or SocketException)
        {
            await Console.Error.WriteLineAsync(
                $"{name} cannot listen: {exception.Message} Stop the other process, or set ASPNETCORE_URLS to a free port."
            );
            return 1;
        }
    }

    private static WebApplicationBuilder CreateBuilder(
        string[] args,
        ModuleSet modules,
        Action<WebApplicationBuilder>? configure
    )
    {
        // The slim builder starts faster. What it leaves out is IIS, static web assets and logging to the debugger and the
        // Windows event log, none of which a service uses; TLS ends at the gateway's ingress.
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);
        builder.AddServiceDefaults();
        modules.AddServices(builder);
        return builder;
    }
}
