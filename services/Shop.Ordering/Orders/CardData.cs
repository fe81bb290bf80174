using System.Text.RegularExpressions;

namespace Shop.Ordering.Orders;

/// <summary>Recognises card numbers and security codes, so that they are refused before anything keeps them.</summary>
internal static partial class CardData
{
    /// <summary>Whether the text has 13 to 19 digits in a row (spaces and hyphens aside) with a valid check digit.</summary>
    public static bool HasCardNumber(string text) =>
        DigitRuns().Matches(text).Any(run => PassesLuhn([.. run.Value.Where(char.IsAsciiDigit)]));

    /// <summary>Whether a member of a JSON object is named like a part of a card.</summary>
    public static bool IsCardMember(string name) => CardMembers().IsMatch(name);

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    private static bool PassesLuhn(char[] digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var doubled = digit * 2;
            sum +=
                i % 2 == 0 ? digit
                : doubled > 9 ? doubled - 9
                : doubled;
        }

        return sum % 10 == 0;
    }

    [GeneratedRegex(@"(?<![0-9])[0-9](?:[ \-]?[0-9]){12,18}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex DigitRuns();

    [GeneratedRegex(
        "^(pan|cvv2?|cvc2?|csc|card.*|security_?code|expiry|exp_?(month|year))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex CardMembers();
}
