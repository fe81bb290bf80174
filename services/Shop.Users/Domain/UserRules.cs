using System.Text;
using System.Text.RegularExpressions;
using Shop.ServiceDefaults.Text;

namespace Shop.Users.Domain;

/// <summary>What must hold for what a person says about themselves. Each rule returns what is wrong, or null.</summary>
internal static partial class UserRules
{
    /// <summary>The longest address that SMTP can deliver to (RFC 5321, 4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxEmailLength = 254;
    public const int MaxNameLength = 100;

    /// <summary>A plus sign and at most 15 digits (ITU-T E.164).</summary>
    public const int MaxPhoneLength = 16;

    private const int MaxLocalPartLength = 64;

    /// <param name="email">The address, as <see cref="UserText.Tidy"/> returns it.</param>
    public static string? Email(string? email) =>
        string.IsNullOrEmpty(email) ? "must not be empty"
        : Encoding.UTF8.GetByteCount(email) > MaxEmailLength ? $"must have at most {MaxEmailLength} characters"
        : UserText.WhyNot(email, MaxEmailLength)
            ?? (IsAddress(email) ? null : "must be an e-mail address such as ada@example.com");

    public static string? Name(string? name) => UserText.WhyNot(name ?? "", MaxNameLength);

    public static string? PhoneNumber(string phoneNumber) =>
        E164.IsMatch(phoneNumber)
            ? null
            : "must be an international number in the form of E.164, such as +14155550123: a plus sign, the country's code, and 7 to 15 digits in all";

    private static bool IsAddress(string email)
    {
        var at = email.LastIndexOf('@');
        return at > 0
            && Encoding.UTF8.GetByteCount(email.AsSpan(0, at)) <= MaxLocalPartLength
            && LocalPart.IsMatch(email[..at])
            && EmailAddress.DomainOf(email) is { } domain
            && Domain.IsMatch(domain);
    }

    // RFC 5322's dot-atom with the letters, digits and marks of all scripts (RFC 6532).
    [GeneratedRegex(
        @"\A[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*\z",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex LocalPart { get; }

    // RFC 1035, with at least two labels.
    [GeneratedRegex(
        @"\A([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Domain { get; }

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex E164 { get; }
}
