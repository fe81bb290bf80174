using System.Globalization;
using System.Text;

namespace Shop.Notifications.Templates;

/// <summary>Text of other people's, made fit for one line: of a header, of an SMS, of a list.</summary>
internal static class OneLine
{
    /// <summary>Puts a space for each run of white space and control characters, and cuts what is too long.</summary>
    public static string Of(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var space = IsSpace(rune);
            if (space && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength > maxLength)
            {
                line.Length = Math.Min(line.Length, maxLength - 1);
                line.Append('…');
                break;
            }

            line.Append(space ? " " : rune.ToString());
        }

        return line.ToString().TrimEnd();
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
