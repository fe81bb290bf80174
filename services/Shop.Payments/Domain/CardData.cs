using System.Text.Json;

namespace Shop.Payments.Domain;

/// <summary>
/// Recognises what must never get in here: card numbers (PAN, ISO/IEC 7812) and card verification values. Only tokens of
/// the provider may stand for a card.
/// </summary>
internal static class CardData
{
    private static readonly HashSet<string> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        "cvv",
        "cvv2",
        "cvc",
        "cvc2",
        "cid",
        "cardNumber",
        "cardNo",
        "pan",
        "securityCode",
        "cardSecurityCode",
        "verificationValue",
    };

    /// <summary>Whether a field of this name carries card data, however it is spelled.</summary>
    public static bool IsCardField(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Fields.Contains(string.Concat(name.Where(char.IsLetterOrDigit)));
    }

    /// <summary>Whether a number of 13 to 19 digits in it, with spaces or dashes or without, passes the Luhn check.</summary>
    public static bool LooksLikeCardNumber(string? text)
    {
        // An id is digits and dashes too, and one in ten of any number passes Luhn.
        if (text is null || Guid.TryParse(text, out _))
        {
            return false;
        }
        var digits = new List<int>(text.Length);
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
            {
                digits.Add(character - '0');
            }
            else if (character is not (' ' or '-'))
            {
                if (IsCardNumber(digits))
                {
                    return true;
                }
                digits.Clear();
            }
        }
        return IsCardNumber(digits);
    }

    /// <summary>Whether a JSON value has card data anywhere in it.</summary>
    public static bool IsIn(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value
                .EnumerateObject()
                .Any(member => IsCardField(member.Name) || IsIn(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(IsIn),
            JsonValueKind.String => LooksLikeCardNumber(value.GetString()),
            JsonValueKind.Number => LooksLikeCardNumber(value.GetRawText()),
            _ => false,
        };

    /// <summary>Whether the members of a message that nobody here reads have card data in them.</summary>
    public static bool IsIn(IReadOnlyDictionary<string, JsonElement>? members) =>
        members?.Any(member => IsCardField(member.Key) || IsIn(member.Value)) ?? false;

    private static bool IsCardNumber(List<int> digits) =>
        digits.Count is >= 13 and <= 19 && digits.Any(digit => digit != 0) && PassesLuhn(digits);

    private static bool PassesLuhn(List<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            var digit = digits[digits.Count - 1 - i] * (i % 2 + 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
    }
}
