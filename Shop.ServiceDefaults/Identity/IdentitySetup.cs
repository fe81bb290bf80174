using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Identity;

internal static class IdentitySetup
{
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddAuthentication(DevelopmentAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, DevelopmentAuthentication>(
                DevelopmentAuthentication.SchemeName,
                configureOptions: null
            );
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(
                Policies.Operator,
                policy => policy.RequireRole(Policies.Operator, Policies.Admin)
            )
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Policies.Admin));
    }
}
