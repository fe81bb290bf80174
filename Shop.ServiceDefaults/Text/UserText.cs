using System.Globalization;
using System.Text;

namespace Shop.ServiceDefaults.Text;

/// <summary>
/// Text that people type, by Unicode's rules: how it is stored, what is empty, what is refused, and how it is counted.
/// </summary>
/// <remarks>
/// Normalization: UAX #15. User-perceived characters are extended grapheme clusters: UAX #29. Characters that nobody sees are
/// the default-ignorable ones and the blanks of Braille and Hangul: Unicode Standard, 5.21.
/// </remarks>
public static class UserText
{
    // The longest emoji have 15 code units. Longer characters are stacks of marks, which no column or index should hold.
    private const int MaxUnitsPerCharacter = 20;

    private static readonly Dictionary<int, string> s_directions = new()
    {
        [0x202A] = "left-to-right embedding",
        [0x202B] = "right-to-left embedding",
        [0x202C] = "pop directional formatting",
        [0x202D] = "left-to-right override",
        [0x202E] = "right-to-left override",
        [0x2066] = "left-to-right isolate",
        [0x2067] = "right-to-left isolate",
        [0x2068] = "first strong isolate",
        [0x2069] = "pop directional isolate",
    };

    /// <summary>The text in NFC, without white space of any kind at its ends; line breaks become U+000A.</summary>
    public static string Tidy(string? text)
    {
        if (string.IsNullOrEmpty(text) || !IsWellFormed(text))
        {
            return text ?? "";
        }

        var normal = text.Normalize(NormalizationForm.FormC).ReplaceLineEndings("\n");
        var start = 0;
        var end = normal.Length;
        while (start < end && IsSpace(normal[start]))
        {
            start++;
        }

        while (end > start && IsSpace(normal[end - 1]))
        {
            end--;
        }

        return normal[start..end];
    }

    /// <summary>The same for text that may be left out: null stays null.</summary>
    public static string? TidyOptional(string? text) => text is null ? null : Tidy(text);

    /// <summary>How many characters people see in it.</summary>
    public static int Length(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var count = 0;
        for (var rest = text.AsSpan(); rest.Length > 0; count++)
        {
            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
        }

        return count;
    }

    /// <summary>Whether it has more than so many characters.</summary>
    public static bool IsLongerThan(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > maxLength && (text.Length > maxLength * MaxUnitsPerCharacter || Length(text) > maxLength);
    }

    /// <summary>The rule that a tidied text breaks: <c>must not be empty</c>. Null when it keeps all of them.</summary>
    /// <param name="text">The text, as <see cref="Tidy"/> returns it.</param>
    /// <param name="maxLength">How many characters it may have, as people count them.</param>
    /// <param name="allowsLineBreaks">Whether it may have several lines.</param>
    public static string? WhyNot(string text, int maxLength, bool allowsLineBreaks = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!IsWellFormed(text))
        {
            return "must not have half of a surrogate pair";
        }

        if (!text.EnumerateRunes().Any(IsVisible))
        {
            return "must not be empty";
        }

        if (IsLongerThan(text, maxLength))
        {
            return $"must have at most {maxLength} characters";
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n' && allowsLineBreaks)
            {
                continue;
            }

            if (rune.Value is '\n' or 0x2028 or 0x2029)
            {
                return "must be one line, without line breaks";
            }

            if (Rune.IsControl(rune))
            {
                return $"must not have the control character U+{rune.Value:X4}";
            }

            if (s_directions.TryGetValue(rune.Value, out var name))
            {
                return $"must not have U+{rune.Value:X4} ({name})";
            }
        }

        // Decoders put it where a character was lost.
        return text.Contains('\uFFFD', StringComparison.Ordinal)
            ? "must not have U+FFFD (replacement character)"
            : null;
    }

    /// <summary>The rule as a sentence: <c>Must not be empty.</c></summary>
    public static string Sentence(string rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(rule);
        return $"{char.ToUpperInvariant(rule[0])}{rule[1..]}.";
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    // White space, and what takes up room or none without being seen. Not the joiners, which belong to the letter before them.
    private static bool IsSpace(char character) =>
        char.IsWhiteSpace(character)
        || character is '\u00AD' or '\u180E' or '\u200B' or '\u2060' or '\u2800' or '\u3164' or '\uFEFF' or '\uFFA0';

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
            )
        && rune.Value
            is not (
                0x115F
                or 0x1160
                or 0x2065
                or 0x2800
                or 0x3164
                or 0xFFA0
                or (>= 0xFFF0 and <= 0xFFF8)
                or (>= 0xE0000 and <= 0xE0FFF)
            );
}
