using Shop.EmbeddedPostgres;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Health;

namespace Shop.Monolith;

/// <summary>What modules need from their surroundings, given by the process itself instead of by an AppHost.</summary>
internal static class MonolithHost
{
    private const string Name = "monolith";

    /// <summary>Serves all modules until the process is told to stop, or runs a verb of theirs.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ModuleSet modules, string[] args)
    {
        var look = WebApplication.CreateSlimBuilder(args);
        if (HealthCheckVerb.IsAsked(args))
        {
            var address = Addresses.Choose(look.Configuration).Reachable;
            return await HealthCheckVerb.RunAsync(Name, [.. args, $"--urls={address}"], Console.Error);
        }

        try
        {
            await using var databases = await EmbeddedDatabases.StartIfNoneAsync(
                look.Configuration,
                look.Environment,
                modules.Names
            );
            return await ModuleHost.RunAsync(Name, args, modules, builder => Configure(builder, modules, databases));
        }
        catch (SetupException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    private static void Configure(WebApplicationBuilder builder, ModuleSet modules, EmbeddedDatabases? databases)
    {
        var configuration = builder.Configuration;
        databases?.AddTo(configuration);
        configuration[MessagingExtensions.TransportSetting] ??= "InProcess";
        configuration["Migrate:AtStart"] ??= "true";
        var addresses = Addresses.Choose(configuration);
        addresses.AddTo(configuration, modules.Names);
        if (builder.Environment.IsDevelopment())
            configuration["Identity:Issuer"] ??= addresses.Reachable + "/";
        builder.Services.AddSingleton(addresses);
        builder.Services.AddHostedService<Announcement>();
    }
}
