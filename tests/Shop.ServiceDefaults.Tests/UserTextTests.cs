using Shop.ServiceDefaults.Text;

namespace Shop.ServiceDefaults.Tests;

public sealed class UserTextTests
{
    private const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\u00AD")]
    [InlineData("\u200D")]
    [InlineData("\uFE0F")]
    [InlineData("\u115F\u1160")]
    [InlineData("\u034F \u2060 \uFEFF")]
    [InlineData("\U000E0001\U000E0020")]
    [InlineData("\u200E\u200F")]
    [InlineData("\u00A0\u2003\u3000")]
    [InlineData("\u0301")]
    [InlineData("")]
    public void Text_without_a_visible_character_is_empty(string text) =>
        Assert.Equal("must not be empty", UserText.WhyNot(UserText.Tidy(text), 100));

    [Theory]
    [InlineData("\u00A0\u3000Ada\u2028\t\n", "Ada")]
    [InlineData("\uFEFFAda\u200B", "Ada")]
    [InlineData("\u0085 Ada Lovelace \u1680", "Ada Lovelace")]
    [InlineData("\u2800Ada\u3164", "Ada")]
    [InlineData("I \u2764\uFE0F", "I \u2764\uFE0F")] // a red heart, not a black one
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData(Family, Family)]
    public void White_space_of_any_kind_is_trimmed_and_joiners_stay(string text, string expected) =>
        Assert.Equal(expected, UserText.Tidy(text));

    [Theory]
    [InlineData("Ame\u0301lie", "Am\u00E9lie")]
    [InlineData("A\u030Angstro\u0308m", "\u00C5ngstr\u00F6m")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u212B", "\u00C5")]
    public void It_is_stored_composed(string text, string expected) => Assert.Equal(expected, UserText.Tidy(text));

    [Theory]
    [InlineData("a\u0000b", "must not have the control character U+0000")]
    [InlineData("a\u001Bb", "must not have the control character U+001B")]
    [InlineData("a\tb", "must not have the control character U+0009")]
    [InlineData("a\u0085b", "must be one line, without line breaks")]
    [InlineData("a\u2028b", "must be one line, without line breaks")]
    [InlineData("a\r\nb", "must be one line, without line breaks")]
    [InlineData("a\u202Eb", "must not have U+202E (right-to-left override)")]
    [InlineData("a\u2066b", "must not have U+2066 (left-to-right isolate)")]
    [InlineData("a\uFFFDb", "must not have U+FFFD (replacement character)")]
    public void What_would_change_the_text_around_it_is_refused_by_name(string text, string expected) =>
        Assert.Equal(expected, UserText.WhyNot(UserText.Tidy(text), 100));

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() =>
        Assert.Equal("must not have half of a surrogate pair", UserText.WhyNot(UserText.Tidy("a\uD800"), 100));

    [Theory]
    [InlineData("\u05E9\u05DC\u05D5\u05DD")]
    [InlineData("\u0915\u094D\u0937\u0924\u094D\u0930\u093F\u092F")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("\u200FAda")]
    [InlineData(Family)]
    [InlineData("\u4F50\u85E4")]
    public void Names_of_all_scripts_are_fine(string text) => Assert.Null(UserText.WhyNot(UserText.Tidy(text), 100));

    [Theory]
    [InlineData("\U0001F600", 60, 60)]
    [InlineData("\U00020BB7", 150, 150)]
    [InlineData(Family, 30, 30)]
    [InlineData("e\u0323\u0302", 40, 40)]
    [InlineData("\U0001F1E9\U0001F1EA", 10, 10)]
    [InlineData("\u0BA8\u0BBF", 10, 10)]
    public void It_is_counted_as_people_count(string character, int times, int expected)
    {
        var text = string.Concat(Enumerable.Repeat(character, times));

        Assert.Equal(expected, UserText.Length(text));
        Assert.Null(UserText.WhyNot(text, times));
        Assert.Equal($"must have at most {times - 1} characters", UserText.WhyNot(text, times - 1));
    }

    [Fact]
    public void A_character_cannot_be_made_of_any_number_of_marks() =>
        Assert.Equal("must have at most 10 characters", UserText.WhyNot("a" + new string('\u0316', 10_000), 10));

    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData("ada@B\u00FCcher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bu\u0308cher.example", "ADA@XN--BCHER-KVA.EXAMPLE")]
    [InlineData("j\u00F6rg@example.com", "JO\u0308RG@example.com")]
    [InlineData(" ada@example.com\u00A0", "ada@example.com")]
    public void Addresses_are_the_same_as_mail_systems_see_them(string one, string other) =>
        Assert.Equal(EmailAddress.Normalize(one), EmailAddress.Normalize(other));

    [Theory]
    [InlineData("ada@example.com", "ada@example.org")]
    [InlineData("jorg@example.com", "j\u00F6rg@example.com")]
    [InlineData("a.da@example.com", "ada@example.com")]
    [InlineData("ada+shop@example.com", "ada@example.com")]
    public void Other_addresses_are_others(string one, string other) =>
        Assert.NotEqual(EmailAddress.Normalize(one), EmailAddress.Normalize(other));
}
