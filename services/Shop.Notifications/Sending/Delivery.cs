using Shop.Notifications.Domain;
using Shop.Notifications.Providers;
using Shop.Notifications.Templates;

namespace Shop.Notifications.Sending;

/// <summary>Writes a notification out in the form of its way, and gives it to that way's provider.</summary>
internal sealed class Delivery(TemplateSet templates, IEmailProvider email, ISmsProvider sms, IPushProvider push)
{
    public Task<DeliveryResult> SendAsync(
        Notification notification,
        Recipient recipient,
        CancellationToken cancellationToken
    ) =>
        notification.Channel switch
        {
            Channel.Email => SendMailAsync(notification, recipient, cancellationToken),
            Channel.Sms => sms.SendAsync(
                new SmsMessage(notification.Id, recipient.PhoneNumber!, templates.Short(notification, recipient)),
                cancellationToken
            ),
            Channel.Push => push.SendAsync(
                new PushMessage(
                    notification.Id,
                    notification.UserId,
                    notification.Subject,
                    templates.Short(notification, recipient)
                ),
                cancellationToken
            ),
            _ => throw new InvalidOperationException($"Notification {notification.Id} goes on no way."),
        };

    private Task<DeliveryResult> SendMailAsync(
        Notification notification,
        Recipient recipient,
        CancellationToken cancellationToken
    )
    {
        var (text, html) = templates.Mail(notification, recipient);
        return email.SendAsync(
            new EmailMessage(notification.Id, recipient.Name, recipient.Email, notification.Subject, text, html),
            cancellationToken
        );
    }
}
