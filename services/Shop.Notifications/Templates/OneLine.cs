using System.Globalization;
using System.Text;
using Shop.ServiceDefaults.Text;

namespace Shop.Notifications.Templates;

/// <summary>Text of other people's, made fit for one line: of a header, of an SMS, of a list.</summary>
internal static class OneLine
{
    /// <summary>Puts a space for each run of white space and control characters, and cuts what is too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">How many characters it may have, as people count them.</param>
    public static string Of(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsSpace(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        var whole = line.ToString().TrimEnd();
        return UserText.IsLongerThan(whole, maxLength) ? $"{Start(whole, maxLength - 1).TrimEnd()}…" : whole;
    }

    private static string Start(string text, int length)
    {
        var end = 0;
        for (; length > 0; length--)
        {
            end += StringInfo.GetNextTextElementLength(text.AsSpan(end));
        }

        return text[..end];
    }

    private static bool IsSpace(Rune rune) =>
        Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        // What turns the direction of the text around would hide what follows.
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
