using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Shop.Storefront.Session;

namespace Shop.Storefront.Tests.Session;

public sealed class SessionKeyTests
{
    private const string Token = "access-token-canary";

    [Fact]
    public void The_cookie_opens_what_the_database_holds()
    {
        var key = SessionKey.Create();
        var stored = key.Encrypt(Ticket());

        var opened = SessionKey.Parse(key.ToString())!.Decrypt(stored);

        Assert.Equal(Token, opened?.Properties.GetTokenValue("access_token"));
        Assert.Equal("ada", opened?.Principal.Identity?.Name);
    }

    [Fact]
    public void A_copy_of_the_database_shows_no_token()
    {
        var stored = SessionKey.Create().Encrypt(Ticket());

        Assert.True(stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token)) < 0, "The ticket is stored in plain text.");
    }

    [Fact]
    public void A_copy_of_the_database_opens_nothing()
    {
        var key = SessionKey.Create();
        var stored = key.Encrypt(Ticket());

        // The id is all that the database has of the key, and it is as long as one.
        var fromDatabase = SessionKey.Parse(System.Buffers.Text.Base64Url.EncodeToString(key.Id))!;

        Assert.ThrowsAny<CryptographicException>(() => fromDatabase.Decrypt(stored));
        Assert.NotEqual(key.Id, fromDatabase.Id);
    }

    [Fact]
    public void Another_browsers_key_opens_nothing()
    {
        var stored = SessionKey.Create().Encrypt(Ticket());

        Assert.ThrowsAny<CryptographicException>(() => SessionKey.Create().Decrypt(stored));
    }

    [Theory]
    [InlineData("nonce", 0)]
    [InlineData("tag", 12)]
    [InlineData("text", 28)]
    public void A_ticket_that_was_tampered_with_is_refused(string part, int position)
    {
        var key = SessionKey.Create();
        var stored = key.Encrypt(Ticket());

        stored[position] ^= 1;

        Assert.True(
            Record.Exception(() => key.Decrypt(stored)) is CryptographicException,
            $"A changed {part} went unnoticed."
        );
    }

    [Fact]
    public void The_same_ticket_is_never_encrypted_to_the_same_bytes()
    {
        var key = SessionKey.Create();

        Assert.NotEqual(key.Encrypt(Ticket()), key.Encrypt(Ticket()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not base64 url!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_key_opens_no_session(string text) => Assert.Null(SessionKey.Parse(text));

    private static AuthenticationTicket Ticket()
    {
        var properties = new AuthenticationProperties();
        properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = Token }]);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test");
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, "test");
    }
}
