using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Identity;

internal static class IdentitySetup
{
    private const string Bearer = JwtBearerDefaults.AuthenticationScheme;
    private const string TokenElseHeaders = "TokenElseHeaders";

    /// <summary>Access tokens say who a caller is; in Development headers do, too, where there is no token.</summary>
    public static void AddIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider =>
            IdentitySettings.Read(provider.GetRequiredService<IConfiguration>(), builder.Environment)
        );
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ValidatedTokens>();
        services
            .AddOptions<JwtBearerOptions>(Bearer)
            .Configure<IdentitySettings, SigningKeys, ValidatedTokens, TimeProvider>(AccessTokens.Configure);

        // Not AddAuthentication: it adds data protection, which writes a key ring to the disk at every first start, and
        // neither a token nor a header needs one.
        services.AddWebEncoders();
        services.AddAuthenticationCore(options =>
            options.DefaultScheme = builder.Environment.IsDevelopment() ? TokenElseHeaders : Bearer
        );
        var schemes = new AuthenticationBuilder(services);
        schemes.AddScheme<JwtBearerOptions, JwtBearerHandler>(Bearer, configureOptions: null);
        if (builder.Environment.IsDevelopment())
        {
            AddHeaders(schemes);
        }

        services
            .AddAuthorizationBuilder()
            .AddPolicy(Policies.Operator, policy => policy.RequireRole(Policies.Operator, Policies.Admin))
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Policies.Admin));
    }

    private static void AddHeaders(AuthenticationBuilder schemes)
    {
        schemes.AddScheme<AuthenticationSchemeOptions, DevelopmentAuthentication>(
            DevelopmentAuthentication.SchemeName,
            configureOptions: null
        );
        schemes.AddPolicyScheme(
            TokenElseHeaders,
            displayName: null,
            scheme =>
            {
                scheme.ForwardDefaultSelector = context =>
                    HasToken(context.Request) ? Bearer : DevelopmentAuthentication.SchemeName;
                scheme.ForwardChallenge = Bearer;
            }
        );
    }

    // A token that does not count is refused; it does not make its bearer the demo customer.
    private static bool HasToken(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
}
