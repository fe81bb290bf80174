using MailKit.Security;
using Shop.Notifications.Providers.Smtp;

namespace Shop.Notifications.Tests;

public sealed class SmtpServerTests
{
    [Theory]
    [InlineData("smtp://127.0.0.1:1025", "127.0.0.1", 1025, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtp://mail.example.com", "mail.example.com", 587, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtps://mail.example.com", "mail.example.com", 465, SecureSocketOptions.SslOnConnect)]
    public void A_connection_string_names_server_and_encryption(
        string text,
        string host,
        int port,
        SecureSocketOptions security
    ) => Assert.Equal(new SmtpServer(host, port, security, Login: null), SmtpServer.Parse(text));

    [Fact]
    public void It_may_have_a_login_which_is_never_printed()
    {
        var server = SmtpServer.Parse("smtps://shop%40example.com:p%3Ass@mail.example.com:2465");

        Assert.Equal(("shop@example.com", "p:ss"), (server.Login!.UserName, server.Login.Password));
        Assert.Equal("mail.example.com:2465", server.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("mail.example.com:25")]
    [InlineData("http://user:secret@mail.example.com")]
    public void Anything_else_is_refused_without_being_repeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SmtpServer.Parse(text));

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Contains("smtp://host:port", refused.Message, StringComparison.Ordinal);
    }
}
