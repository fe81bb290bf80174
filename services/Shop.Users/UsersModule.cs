using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Accounts;
using Shop.Users.Data;
using Shop.Users.Messages;
using Shop.Users.Pages;
using Shop.Users.Provider;

namespace Shop.Users;

/// <summary>Users: who shops and who works here, how they sign in, and how each of them wants to be told things.</summary>
public sealed class UsersModule : IModule
{
    /// <inheritdoc />
    public static string Name => "users";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<UsersDbContext>("usersdb", SeedAsync);
        if (!builder.Environment.IsDevelopment())
        {
            // First, so that nothing else has started when it ends the start.
            builder.Services.AddHostedService<NoDemoPeople>();
        }

        builder.AddMessaging<UsersDbContext>(
            Name,
            messaging => messaging.Event<UserRegistered>(UserRegistered.Type).Event<UserChanged>(UserChanged.Type)
        );
        builder.Services.AddScoped<AccountChange>();
        builder.AddProvider();
        builder.Services.AddApiDescription();
        builder.Services.AddPages(builder.Environment.IsDevelopment());
        builder.Services.AddVerb(AppointAdmin.Verb, AppointAdmin.Description, AppointAdmin.RunAsync);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapAccounts();
        endpoints.MapPages();
        endpoints.MapOperations(Name);
    }

    private static async Task SeedAsync(
        UsersDbContext db,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        await Clients.SeedAsync(services, cancellationToken);
        await DemoPeople.SeedAsync(db, services, cancellationToken);
    }
}
