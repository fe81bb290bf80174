using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Accounts;
using Shop.Users.Data;
using Shop.Users.Messages;

namespace Shop.Users;

/// <summary>Users: who shops and who works here, and how each of them wants to be told things.</summary>
public sealed class UsersModule : IModule
{
    /// <inheritdoc />
    public static string Name => "users";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<UsersDbContext>("usersdb", DemoPeople.SeedAsync);
        builder.AddMessaging<UsersDbContext>(
            Name,
            messaging => messaging.Event<UserRegistered>(UserRegistered.Type).Event<UserChanged>(UserChanged.Type)
        );
        builder.Services.AddScoped<AccountChange>();
        builder.Services.AddVerb(AppointAdmin.Verb, AppointAdmin.Description, AppointAdmin.RunAsync);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapAccounts();
        endpoints.MapDeadLetters(Name);
    }
}
