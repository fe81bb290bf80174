using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Identity;

internal static class IdentitySetup
{
    private const string Bearer = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>
    /// Access tokens, and nothing else, say who a caller is. An endpoint that says nothing about who may call it is for
    /// authenticated users: who forgets it locks people out instead of letting them in.
    /// </summary>
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<IdentityOptions>(IdentityOptions.Section);
        services.AddSingleton(provider =>
            IdentitySettings.Read(
                provider.GetRequiredService<IOptions<IdentityOptions>>().Value,
                provider.GetRequiredService<IHostEnvironment>()
            )
        );
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ValidatedTokens>();
        services
            .AddOptions<JwtBearerOptions>(Bearer)
            .Configure<IdentitySettings, SigningKeys, ValidatedTokens, TimeProvider>(AccessTokens.Configure);

        // Not AddAuthentication: it adds data protection, which writes a key ring to the disk at every first start, and a
        // token needs none.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options => options.DefaultScheme = Bearer);
        new AuthenticationBuilder(services).AddScheme<JwtBearerOptions, JwtBearerHandler>(
            Bearer,
            configureOptions: null
        );

        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsKnownOrLost).Build())
            .AddPolicy(Policies.Operator, policy => policy.RequireRole(Policies.Operator, Policies.Admin))
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Policies.Admin));
    }

    // What is at no path is not found, whoever asks; nor is routing's own "not with this method" an endpoint to protect.
    private static bool IsKnownOrLost(AuthorizationHandlerContext context) =>
        context.User.Identity is { IsAuthenticated: true }
        || context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
