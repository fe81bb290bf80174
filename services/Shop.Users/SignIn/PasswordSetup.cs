using Microsoft.AspNetCore.Identity;
using Shop.Users.Provider;

namespace Shop.Users.SignIn;

/// <summary>Passwords are ASP.NET Core Identity's business, on Users' own tables.</summary>
internal static class PasswordSetup
{
    public static void AddPasswords(this IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<Credential>, NormalizedPasswordHasher>();
        services.AddSingleton<ILookupNormalizer, AddressNormalizer>();
        services
            .AddOptions<PasswordHasherOptions>()
            .Configure<ProviderSettings>((options, settings) => options.IterationCount = settings.PasswordHashRounds);
        // In the place of Identity's own.
        services.AddSingleton<IPasswordValidator<Credential>, PasswordRules>();
        services
            .AddIdentityCore<Credential>(options =>
            {
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddUserStore<CredentialStore>()
            .AddUserManager<CredentialManager>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<PasswordChange>();
    }
}
