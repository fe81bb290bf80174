using Microsoft.AspNetCore.Identity;
using Shop.ServiceDefaults.Text;

namespace Shop.Users.SignIn;

/// <summary>Has ASP.NET Core Identity look people up by their e-mail address in the form in which it is unique.</summary>
internal sealed class AddressNormalizer : ILookupNormalizer
{
    /// <inheritdoc />
    public string? NormalizeName(string? name) => EmailAddress.Normalize(name);

    /// <inheritdoc />
    public string? NormalizeEmail(string? email) => EmailAddress.Normalize(email);
}
