using System.Globalization;
using System.Text.RegularExpressions;

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

    /// <summary>ASCII only: what can be told apart by the eye, and compared without regard to case in one way.</summary>
    public static string? Email(string? email) =>
        string.IsNullOrEmpty(email) ? "must not be empty"
        : email.Length > MaxEmailLength ? $"must have at most {MaxEmailLength} characters"
        : email.IndexOf('@', StringComparison.Ordinal) > MaxLocalPartLength || !Address.IsMatch(email)
            ? "must be an e-mail address such as ada@example.com"
        : null;

    public static string? Name(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "must not be empty"
        : name.Length > MaxNameLength ? $"must have at most {MaxNameLength} characters"
        : !IsOneLine(name) ? "must be one line of text without control characters"
        : null;

    public static string? PhoneNumber(string phoneNumber) =>
        E164.IsMatch(phoneNumber)
            ? null
            : "must be an international number in the form of E.164, such as +14155550123: a plus sign, the country's code, and 7 to 15 digits in all";

    /// <summary>The form in which addresses are compared; the same that ASP.NET Core Identity uses.</summary>
    public static string Normalize(string email) => email.ToUpperInvariant();

    // Names end up in headers of mails and on screens: no line breaks, nothing that turns the direction of the text around,
    // no halves of characters.
    private static bool IsOneLine(string text) =>
        text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar && !IsForbidden(rune));

    private static bool IsForbidden(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // The local part as in RFC 5322's dot-atom, the domain as in RFC 1035 with at least two labels.
    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Address { get; }

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex E164 { get; }
}
