using System.Net;
using Shop.Testing;

namespace Shop.Users.Tests;

/// <summary>Names, addresses and passwords are Unicode: stored, compared and counted as people do.</summary>
public sealed class UnicodeTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";

    private UsersApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await UsersApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("caf\u00E9 au lait", "cafe\u0301 au lait")]
    [InlineData("cafe\u0301 au lait", "caf\u00E9 au lait")]
    [InlineData("\uFB01ne weather", "fine weather")]
    [InlineData("\uFF30\uFF41\uFF55\uFF55-word!!!", "Pauu-word!!!")]
    [InlineData("\uD55C\uAD6D\uC5B4 secret words", "\u1112\u1161\u11AB\u1100\u116E\u11A8\u110B\u1165 secret words")]
    public async Task A_password_is_the_same_however_a_keyboard_composes_it(string registered, string typed)
    {
        using var created = await RegisterAsync("ada@example.com", "Ada", registered);
        using var right = await _app.PostPasswordAsync("ada@example.com", typed);
        using var wrong = await _app.PostPasswordAsync("ada@example.com", typed.ToUpperInvariant() + "x");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await right.TokensAsync();
        await wrong.RefusedAsync("invalid_grant");
    }

    [Theory]
    [InlineData("\U0001F600\U0001F601\U0001F602\U0001F603\U0001F604")] // five, in ten code units
    [InlineData(Family + Family)]
    [InlineData("a\u0301b\u0301c\u0301d\u0301e\u0301")]
    public async Task A_password_of_few_characters_is_too_short_however_many_code_units_it_has(string password)
    {
        using var refused = await RegisterAsync("ada@example.com", "Ada", password);

        await refused.RefusesAsync("password");
    }

    [Fact]
    public async Task Ten_emoji_are_a_password()
    {
        var password = string.Concat(Enumerable.Range(0, 10).Select(i => char.ConvertFromUtf32(0x1F600 + i)));

        using var created = await RegisterAsync("ada@example.com", "Ada", password);
        using var right = await _app.PostPasswordAsync("ada@example.com", password);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await right.TokensAsync();
    }

    [Theory]
    [InlineData("\U0001F600", 60)]
    [InlineData(Family, 100)]
    [InlineData("\U00020BB7", 100)]
    [InlineData("\u0BA8\u0BBF", 100)]
    public async Task A_name_is_as_long_as_people_count(string character, int times)
    {
        var name = string.Concat(Enumerable.Repeat(character, times));
        var tooLong = string.Concat(Enumerable.Repeat(character, 101));

        using var created = await RegisterAsync("ada@example.com", name);
        using var refused = await RegisterAsync("grace@example.com", tooLong);

        Assert.Equal(name, (await created.JsonAsync()).GetProperty("name").GetString());
        await refused.RefusesAsync("name");
    }

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u2800")]
    [InlineData("\u3164")]
    [InlineData("\u00AD")]
    [InlineData("\u2060\uFE0F\u00A0")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u0007b")]
    public async Task A_name_that_nobody_sees_or_that_turns_text_around_is_refused(string name)
    {
        using var refused = await RegisterAsync("ada@example.com", name);

        await refused.RefusesAsync("name");
    }

    [Theory]
    [InlineData("\u3000Ame\u0301lie\u00A0", "Am\u00E9lie")]
    [InlineData("\uFEFFAda\u200B", "Ada")]
    [InlineData("\u0646\u0627\u0632\u200C\u0646\u06CC\u0646", "\u0646\u0627\u0632\u200C\u0646\u06CC\u0646")]
    public async Task A_name_is_stored_composed_and_trimmed(string name, string stored)
    {
        using var created = await RegisterAsync("ada@example.com", name);

        Assert.Equal(stored, (await created.JsonAsync()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData("ada@B\u00FCcher.example", "ADA@xn--bcher-kva.example")]
    [InlineData("jo\u0308rg@example.com", "J\u00D6RG@example.com")]
    public async Task An_address_is_registered_once_and_signs_in_however_it_is_spelt(string one, string other)
    {
        using var created = await RegisterAsync(one, "Ada");
        using var again = await RegisterAsync(other, "Ada");
        using var signedIn = await _app.PostPasswordAsync(other, UsersApp.Password);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await again.ProblemAsync(HttpStatusCode.Conflict, "email-taken");
        await signedIn.TokensAsync();
        Assert.Equal(one.Normalize(), (await created.JsonAsync()).GetProperty("email").GetString());
    }

    private Task<HttpResponseMessage> RegisterAsync(string email, string name, string password = UsersApp.Password) =>
        _app.SendAsync(
            HttpMethod.Post,
            "/api/users",
            new
            {
                email,
                name,
                password,
            }
        );
}
