using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.Notifications.Messages;
using Shop.Notifications.Templates;

namespace Shop.Notifications.Recipients;

/// <summary>Keeps the recipients at what Users said last, and lets go what has been waiting for one.</summary>
internal sealed partial class UserEventHandler(NotificationsDbContext db, TimeProvider time) : IMessageHandler<UserTold>
{
    private const int MaxEmailLength = 254;

    /// <summary>The longest name that is kept.</summary>
    public const int MaxNameLength = 200;

    public async Task HandleAsync(UserTold message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.UserId == Guid.Empty || message.Preferences is not { } wants || !IsAddress(message.Email))
        {
            throw new MessageRejectedException(
                "InvalidUser",
                "userId, preferences and an e-mail address that can be written to are required."
            );
        }

        var now = time.GetUtcNow();
        var name = OneLine.Of(message.Name, MaxNameLength);
        var phone = message.PhoneNumber is { } number && PhoneNumber.IsMatch(number) ? number : null;
        // One conditional statement: an event that comes late or twice finds a version that is not below its own.
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into recipients as r
                (user_id, email, name, phone_number, wants_email, wants_sms, wants_push, version, updated_at)
            values
                ({message.UserId}, {message.Email}, {name}, {phone}, {wants.Email}, {wants.Sms}, {wants.Push}, {message.Version}, {now})
            on conflict (user_id) do update set
                email = excluded.email, name = excluded.name, phone_number = excluded.phone_number,
                wants_email = excluded.wants_email, wants_sms = excluded.wants_sms, wants_push = excluded.wants_push,
                version = excluded.version, updated_at = excluded.updated_at
            where r.version < excluded.version
            """,
            cancellationToken
        );
        // A hint that saves waiting: whoever is missed here is looked for again anyway.
        await db
            .Notifications.Where(waiting =>
                waiting.UserId == message.UserId && waiting.Status == NotificationStatus.WaitingForRecipient
            )
            .ExecuteUpdateAsync(
                waiting => waiting.SetProperty(n => n.NextAttemptAt, (DateTimeOffset?)now),
                cancellationToken
            );
    }

    // Users checks addresses; here it only matters that one cannot become two, or a header.
    private static bool IsAddress(string? email) => email is { Length: <= MaxEmailLength } && Address.IsMatch(email);

    [GeneratedRegex(
        @"\A[\p{L}\p{M}\p{N}!-~-[<>()\[\],;:@\\""]]+@[\p{L}\p{M}\p{N}.-]+\z",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Address { get; }

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PhoneNumber { get; }
}
