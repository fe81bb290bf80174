using System.Net;
using MailKit.Security;

namespace Shop.Notifications.Providers.Smtp;

/// <summary>
/// The mail server as the connection string <c>mail</c> names it: <c>smtp://[user:password@]host[:port]</c>, which goes over
/// to TLS where the server offers it, or <c>smtps://</c>, which begins with TLS.
/// </summary>
internal sealed record SmtpServer(string Host, int Port, SecureSocketOptions Security, NetworkCredential? Login)
{
    private const int SubmissionPort = 587;
    private const int SubmissionsPort = 465;

    /// <summary>Reads a connection string; its value is in no error, as it may hold a password.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public static SmtpServer Parse(string connectionString)
    {
        if (
            !Uri.TryCreate(connectionString, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("smtp" or "smtps")
            || uri.Host.Length == 0
        )
        {
            throw new FormatException(
                "The connection string 'mail' must have the form smtp://host:port, or smtps://user:password@host:port."
            );
        }

        var encrypted = uri.Scheme == "smtps";
        return new SmtpServer(
            uri.Host,
            uri.Port > 0 ? uri.Port
                : encrypted ? SubmissionsPort
                : SubmissionPort,
            encrypted ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
            LoginOf(uri.UserInfo)
        );
    }

    // A record would print the password.
    public override string ToString() => $"{Host}:{Port}";

    private static NetworkCredential? LoginOf(string userInfo)
    {
        if (userInfo.Length == 0)
        {
            return null;
        }

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var (user, password) = colon < 0 ? (userInfo, "") : (userInfo[..colon], userInfo[(colon + 1)..]);
        return new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }
}
