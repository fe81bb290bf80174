using Shop.ServiceBusEmulator.Amqp;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorSharedAccessSignatureTests
{
    private static readonly SharedAccessKey Key = new(EmulatorSasToken.KeyName, "secret");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    [Fact]
    public void A_token_signed_with_the_key_allows_its_path()
    {
        var claim = SharedAccessSignature.Verify(Token("secret", Now.AddMinutes(5)), Key, Now);

        Assert.Null(claim.Refusal);
        Assert.Equal("orders", claim.Path);
    }

    [Fact]
    public void An_expired_token_is_refused() =>
        Assert.Contains("expired", SharedAccessSignature.Verify(Token("secret", Now.AddSeconds(-1)), Key, Now).Refusal);

    [Fact]
    public void A_token_signed_with_another_key_is_refused() =>
        Assert.Contains(
            "invalid signature",
            SharedAccessSignature.Verify(Token("other", Now.AddMinutes(5)), Key, Now).Refusal
        );

    [Theory]
    [InlineData("")]
    [InlineData("SharedAccessSignature ")]
    [InlineData("SharedAccessSignature sr=a&sig=b&se=c&skn=d")]
    [InlineData("SharedAccessSignature sr=a&sig=%%%&se=99999999999999999999&skn=d")]
    [InlineData("Bearer abc")]
    public void Whatever_is_no_token_is_refused(string token) =>
        Assert.NotNull(SharedAccessSignature.Verify(token, Key, Now).Refusal);

    private static string Token(string key, DateTimeOffset expiresAt) =>
        EmulatorSasToken.Sign(key, "sb://127.0.0.1:5672/orders", expiresAt);
}
