using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Shop.Notifications.Providers.Smtp;

/// <summary>
/// Sends over SMTP. SMTP knows no idempotency key: if we die after the server has taken a mail and before that is written
/// down, it is sent again. Both have the same <c>Message-ID</c>, made of the notification's id, by which mailboxes and people
/// recognise them as one.
/// </summary>
internal sealed class SmtpEmailProvider(
    SmtpConnections connections,
    IOptions<NotificationsOptions> options,
    TimeProvider time
) : IEmailProvider
{
    private readonly MailboxAddress _sender = MailboxAddress.Parse(options.Value.Sender);

    public async Task<DeliveryResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        SmtpClient? client = null;
        var accepted = false;
        try
        {
            client = await connections.RentAsync(cancellationToken);
            await client.SendAsync(ToMime(message), cancellationToken);
            accepted = true;
            return new DeliveryResult.Accepted();
        }
        catch (SmtpCommandException exception) when (IsAboutThisMail(exception))
        {
            return new DeliveryResult.Refused(Answer(exception));
        }
        catch (SmtpCommandException exception)
        {
            return new DeliveryResult.Unavailable(Answer(exception));
        }
        catch (Exception exception) when (IsConnectionTrouble(exception))
        {
            return new DeliveryResult.Unavailable($"The mail server cannot be reached: {exception.Message}");
        }
        finally
        {
            if (accepted)
            {
                connections.Return(client!);
            }
            else
            {
                client?.Dispose();
            }
        }
    }

    /// <summary>The mail as it goes over the wire. Names and subject are encoded, so they cannot become headers.</summary>
    public MimeMessage ToMime(EmailMessage message)
    {
        var mime = new MimeMessage
        {
            MessageId = $"{message.Id:N}@{_sender.Domain}",
            Date = time.GetUtcNow(),
            Subject = message.Subject,
            Body = new BodyBuilder { TextBody = message.Text, HtmlBody = message.Html }.ToMessageBody(),
        };
        mime.From.Add(_sender);
        mime.To.Add(new MailboxAddress(message.ToName, message.ToAddress));
        mime.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office answers, please
        return mime;
    }

    // A server that greets with 554 refuses everybody at the moment, not this mail for good.
    private static bool IsAboutThisMail(SmtpCommandException exception) =>
        (int)exception.StatusCode >= 500
        && exception.ErrorCode
            is SmtpErrorCode.MessageNotAccepted
                or SmtpErrorCode.SenderNotAccepted
                or SmtpErrorCode.RecipientNotAccepted;

    private static bool IsConnectionTrouble(Exception exception) =>
        exception
            is SocketException
                or IOException
                or TimeoutException
                or ProtocolException
                or SslHandshakeException
                or AuthenticationException
                or ServiceNotConnectedException;

    private static string Answer(SmtpCommandException exception) =>
        $"The mail server answered {(int)exception.StatusCode}: {exception.Message}";
}
