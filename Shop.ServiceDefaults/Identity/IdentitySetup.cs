using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Identity;

internal static class IdentitySetup
{
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        // Not AddAuthentication: it adds data protection, which writes a key ring to the disk at every first start, and a
        // header needs none.
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<DevelopmentAuthentication>();
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = DevelopmentAuthentication.SchemeName;
            options.AddScheme<DevelopmentAuthentication>(DevelopmentAuthentication.SchemeName, displayName: null);
        });
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Operator, policy => policy.RequireRole(Policies.Operator, Policies.Admin))
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Policies.Admin));
    }
}
