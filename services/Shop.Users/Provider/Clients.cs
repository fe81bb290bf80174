using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using Shop.ServiceDefaults;
using Shop.Users.Domain;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>
/// The programs that may ask for tokens. Configuration says which there are; the verb <c>migrate</c> brings the database in
/// line, so one that is no longer configured is gone with all of its tokens.
/// </summary>
internal static class Clients
{
    /// <summary>For the command line, with password and without a browser; in Development only.</summary>
    public const string Cli = "shop-cli";

    private const string Section = "Identity:Clients";
    private const string RolesProperty = "roles";
    private const int MinSecretLength = 32;

    public static async Task SeedAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var manager = services.GetRequiredService<IOpenIddictApplicationManager>();
        var wanted = Read(
                services.GetRequiredService<IOptions<ClientRegistrations>>().Value.Clients,
                services.GetRequiredService<Storefront>(),
                services.GetRequiredService<IHostEnvironment>().IsDevelopment()
            )
            .ToDictionary(client => client.ClientId!);
        var known = new List<object>();
        await foreach (var client in manager.ListAsync(cancellationToken: cancellationToken))
        {
            known.Add(client);
        }

        foreach (var client in known)
        {
            if (wanted.Remove((await manager.GetClientIdAsync(client, cancellationToken))!, out var descriptor))
            {
                await manager.UpdateAsync(client, descriptor, cancellationToken);
            }
            else
            {
                await manager.DeleteAsync(client, cancellationToken);
            }
        }

        foreach (var descriptor in wanted.Values)
        {
            await manager.CreateAsync(descriptor, cancellationToken);
        }
    }

    /// <summary>The roles that a client has by itself.</summary>
    public static IEnumerable<string> RolesIn(ImmutableDictionary<string, JsonElement> properties) =>
        properties.TryGetValue(RolesProperty, out var roles)
            ? roles.EnumerateArray().Select(role => role.GetString()!)
            : [];

    private static IEnumerable<OpenIddictApplicationDescriptor> Read(
        Dictionary<string, ClientOptions> clients,
        Storefront storefront,
        bool isDevelopment
    )
    {
        if (storefront.RedirectUris.Count > 0)
        {
            yield return Public(storefront);
        }

        if (isDevelopment)
        {
            yield return new OpenIddictApplicationDescriptor
            {
                ClientId = Cli,
                ClientType = ClientTypes.Public,
                Permissions =
                {
                    Permissions.Endpoints.Token,
                    Permissions.Endpoints.Revocation,
                    Permissions.GrantTypes.Password,
                    Permissions.GrantTypes.RefreshToken,
                    Permissions.Prefixes.Scope + ProviderSetup.Shop,
                },
            };
        }

        foreach (var (id, client) in clients)
        {
            yield return Confidential(id, client);
        }
    }

    // It is the shop's own, so nobody is asked whether it may.
    private static OpenIddictApplicationDescriptor Public(Storefront storefront)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = Storefront.ClientId,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Implicit,
            Permissions =
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.EndSession,
                Permissions.Endpoints.Token,
                Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code,
                Permissions.Prefixes.Scope + ProviderSetup.Shop,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.RedirectUris.UnionWith(storefront.RedirectUris);
        client.PostLogoutRedirectUris.UnionWith(storefront.PostLogoutRedirectUris);
        return client;
    }

    private static OpenIddictApplicationDescriptor Confidential(string id, ClientOptions client)
    {
        if (client.Secret is null || client.Secret.Length < MinSecretLength)
        {
            throw new SettingException($"set {Section}:{id}:Secret to at least {MinSecretLength} random characters.");
        }

        if (client.Roles.Count > 0 && !Roles.AreValid(client.Roles))
        {
            throw new SettingException($"{Section}:{id}:Roles may hold {string.Join(", ", Roles.All)}, each once.");
        }

        return new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = client.Secret,
            ClientType = ClientTypes.Confidential,
            Permissions =
            {
                Permissions.Endpoints.Token,
                Permissions.GrantTypes.ClientCredentials,
                Permissions.Prefixes.Scope + ProviderSetup.Shop,
            },
            Properties = { [RolesProperty] = JsonSerializer.SerializeToElement(client.Roles) },
        };
    }
}
