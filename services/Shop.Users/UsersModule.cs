using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Data;

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
        builder.AddModuleDatabase<UsersDbContext>("usersdb");
        builder.AddMessaging<UsersDbContext>(Name, messaging => { });
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints) => ArgumentNullException.ThrowIfNull(endpoints);
}
