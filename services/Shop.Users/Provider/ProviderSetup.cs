using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Shop.ServiceDefaults;
using Shop.Users.Data;
using Shop.Users.Keys;
using Shop.Users.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>Puts the OpenID Connect provider together: OpenIddict on Users' database.</summary>
internal static class ProviderSetup
{
    /// <summary>The resource that access tokens are for, and the scope that asks for it.</summary>
    public const string Shop = "shop";

    public static void AddProvider(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var isDevelopment = builder.Environment.IsDevelopment();
        services.AddSettings<IdentityProviderOptions>(IdentityProviderOptions.Section);
        services.AddSettings<ClientRegistrations>(IdentityProviderOptions.Section);
        services.AddSingleton<IValidateOptions<IdentityProviderOptions>, IdentityProviderRules>();
        services.AddSingleton<IValidateOptions<ClientRegistrations>, IdentityProviderRules>();
        services.AddSingleton(provider =>
            ProviderSettings.Read(provider.GetRequiredService<IOptions<IdentityProviderOptions>>().Value, isDevelopment)
        );
        services.AddKeys();
        services.AddPasswords();
        services.AddSingleton(provider =>
            Storefront.Read(provider.GetRequiredService<IOptions<ClientRegistrations>>().Value, isDevelopment)
        );
        services.AddScoped<SingleUse>();
        services.AddHostedService<Pruning>();

        // It tells every request at length on the level Information, e-mail addresses included.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        services
            .AddOpenIddict()
            .AddCore(core =>
                core.UseEntityFrameworkCore().UseDbContext<UsersDbContext>().ReplaceDefaultEntities<Guid>()
            )
            .AddServer(server => AddServer(server, isDevelopment));
    }

    private static void AddServer(OpenIddictServerBuilder server, bool isDevelopment)
    {
        server
            .SetAuthorizationEndpointUris(AuthorizationRequests.Path[1..])
            .SetEndSessionEndpointUris(EndSessionRequests.Path[1..])
            .SetTokenEndpointUris("connect/token")
            .SetRevocationEndpointUris("connect/revocation")
            .RegisterScopes(Shop)
            .RegisterClaims(Claims.Name, Claims.Role)
            .AllowAuthorizationCodeFlow()
            .RequireProofKeyForCodeExchange()
            .Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain))
            // The others put codes where scripts and logs find them, or need scripts themselves.
            .Configure(options => options.ResponseModes.RemoveWhere(mode => mode != ResponseModes.Query))
            .AllowRefreshTokenFlow()
            .AllowClientCredentialsFlow()
            .Configure(options => options.PromptValues.Add(AuthorizationRequests.Create))
            // Services read what is in it; it holds nothing that its owner may not see.
            .DisableAccessTokenEncryption()
            .SetAccessTokenLifetime(TokenLifetimes.Access)
            .SetAuthorizationCodeLifetime(TokenLifetimes.Code)
            .SetIdentityTokenLifetime(TokenLifetimes.Access)
            .SetRefreshTokenLifetime(TokenLifetimes.Refresh)
            // Who uses one twice may be a thief or the owner: either way all of the family are revoked.
            .SetRefreshTokenReuseLeeway(TimeSpan.Zero)
            .AddEventHandler(UseCurrentKeys.Descriptor)
            .AddEventHandler(EndReused.Descriptor)
            .AddEventHandler<OpenIddictServerEvents.GenerateTokenContext>(handler =>
                handler.UseInlineHandler(KeepNoShortLivedTokens).SetOrder(int.MinValue)
            )
            .AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler =>
                handler.UseScopedHandler<TokenRequests>()
            );
        // TLS ends at the ingress; whoever reaches this process without it is inside the system.
        server
            .UseAspNetCore()
            .DisableTransportSecurityRequirement()
            .EnableAuthorizationEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            .EnableErrorPassthrough();
        if (isDevelopment)
        {
            server.AllowPasswordFlow();
        }
    }

    private static void AddKeys(this IServiceCollection services)
    {
        services.AddSingleton(provider => new KeyEncryption(
            provider.GetRequiredService<ProviderSettings>().KeyEncryptionKey
        ));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ProviderOptions>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<ProviderOptions>()
        );
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider =>
            provider.GetRequiredService<ProviderOptions>()
        );
        services.AddDataProtection().SetApplicationName("Shop.Users").PersistKeysToDbContext<UsersDbContext>();
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<KeyEncryption>((options, encryption) => options.XmlEncryptor = new XmlKeyEncryptor(encryption));
    }

    // Nobody asks for them: services trust the signature. So a sign-in costs no rows unless it wants a refresh token.
    private static ValueTask KeepNoShortLivedTokens(OpenIddictServerEvents.GenerateTokenContext context)
    {
        if (context.TokenType is TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.IdentityToken)
        {
            context.CreateTokenEntry = false;
            context.PersistTokenPayload = false;
        }

        return ValueTask.CompletedTask;
    }
}
