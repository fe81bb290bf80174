using Microsoft.Extensions.Options;
using Shop.ServiceDefaults;

namespace Shop.Users.Provider;

/// <summary>The rules that <see cref="ProviderSettings"/> and <see cref="Storefront"/> have for their values.</summary>
internal sealed class IdentityProviderRules(IHostEnvironment environment)
    : IValidateOptions<IdentityProviderOptions>,
        IValidateOptions<ClientRegistrations>
{
    private bool IsDevelopment => environment.IsDevelopment();

    public ValidateOptionsResult Validate(string? name, IdentityProviderOptions options) =>
        // What is missing is reported by the attributes.
        IsDevelopment || options is { Issuer: not null, KeyEncryptionKey: not null }
            ? Check(() => ProviderSettings.Read(options, IsDevelopment))
            : ValidateOptionsResult.Success;

    public ValidateOptionsResult Validate(string? name, ClientRegistrations options) =>
        Check(() => Storefront.Read(options, IsDevelopment));

    private static ValidateOptionsResult Check(Func<object> read)
    {
        try
        {
            read();
            return ValidateOptionsResult.Success;
        }
        catch (SettingException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
