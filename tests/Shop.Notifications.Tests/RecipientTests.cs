using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Notifications.Domain;
using Shop.Testing;

namespace Shop.Notifications.Tests;

/// <summary>People and orders come from two contexts, in any order.</summary>
public sealed class RecipientTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private NotificationsApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await NotificationsApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_order_of_somebody_unknown_waits_for_them()
    {
        var user = Given.Somebody(sms: true, push: true);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Confirmed(user, order));
        await _app.SendDueAsync();
        var about = await _app.AboutAsync(order);
        Assert.Equal(2, about.Count);
        Assert.All(about, n => Assert.Equal(NotificationStatus.WaitingForRecipient, n.Status));

        await _app.TellAsync(user);
        await _app.SendDueAsync();

        await infrastructure.MailToAsync(user.Email!);
        Assert.Single(await _app.TakenForAsync(user.PhoneNumber!));
        Assert.Single(await _app.TakenForAsync(user.UserId.ToString()));
        await _app.SendDueAfterAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, (await _app.TakenForAsync(user.UserId.ToString())).Count);
    }

    [Fact]
    public async Task Somebody_who_turns_up_and_wants_nothing_gets_nothing()
    {
        var user = Given.Somebody(email: false);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Shipped(order, user.UserId));

        await _app.TellAsync(user);
        await _app.SendDueAsync();

        Assert.Equal(NotificationStatus.Suppressed, Assert.Single(await _app.AboutAsync(order)).Status);
    }

    [Fact]
    public async Task Several_processes_that_find_somebody_at_once_tell_them_once()
    {
        var user = Given.Somebody(sms: true, push: true);
        var orders = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var order in orders)
        {
            await _app.TellAsync(Given.Shipped(order, user.UserId));
        }

        await _app.TellAsync(user);
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => _app.SendDueAsync())
                .Concat(orders.Select(order => _app.TellAsync(Given.Shipped(order, user.UserId))))
        );

        foreach (var order in orders)
        {
            Assert.Equal(
                [Channel.Email, Channel.Sms, Channel.Push],
                (await _app.AboutAsync(order)).Select(n => n.Channel).Order()
            );
        }
    }

    [Fact]
    public async Task Who_never_turns_up_is_given_up_with_the_reason_and_an_operator_can_have_it_tried_again()
    {
        var user = Given.Somebody();
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Shipped(order, user.UserId));
        await _app.SendDueAfterAsync(TimeSpan.FromHours(23));
        Assert.Equal(NotificationStatus.WaitingForRecipient, Assert.Single(await _app.AboutAsync(order)).Status);

        await _app.SendDueAfterAsync(TimeSpan.FromHours(2));

        var dead = Assert.Single(await _app.AboutAsync(order));
        Assert.Equal(NotificationStatus.DeadLettered, dead.Status);
        Assert.Contains($"User {user.UserId} has not become known", dead.Reason, StringComparison.Ordinal);

        await _app.TellAsync(user);
        using var retried = await _app.SendAsync(
            HttpMethod.Post,
            $"/api/notifications/{dead.Id}/retry",
            role: "operator"
        );
        await _app.SendDueAsync();
        await infrastructure.MailToAsync(user.Email!);
    }

    [Fact]
    public async Task An_order_that_is_cancelled_while_it_waits_is_not_confirmed_later()
    {
        var user = Given.Somebody();
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Confirmed(user, order));
        await _app.TellAsync(Given.Cancelled(order, user.UserId));

        await _app.TellAsync(user);
        await _app.SendDueAfterAsync(TimeSpan.FromHours(1));

        var mail = await infrastructure.MailToAsync(user.Email!);
        Assert.Contains("was cancelled", mail.Text("subject"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_what_Users_says_the_highest_version_counts_in_any_order()
    {
        var user = Given.Somebody(name: "Ada");

        await _app.TellAsync(user with { Version = 3, Name = "Ada King" });
        await _app.TellAsync(user with { Version = 1 });
        await _app.TellAsync(user with { Version = 2, Name = "Ada Byron" });

        Assert.Equal("Ada King", (await RecipientAsync(user.UserId))!.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("Ada <ada@example.test>")]
    [InlineData("ada@example.test,eve@example.test")]
    [InlineData("ada@example.test\r\nBcc: eve@example.test")]
    [InlineData("ada @example.test")]
    [InlineData(null)]
    public async Task An_address_that_could_be_more_than_one_is_rejected(string? email)
    {
        var user = Given.Somebody() with { Email = email };

        await Assert.ThrowsAsync<MessageRejectedException>(() => _app.TellAsync(user));

        Assert.Null(await RecipientAsync(user.UserId));
    }

    [Fact]
    public async Task Somebody_without_id_or_preferences_is_rejected()
    {
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.TellAsync(Given.Somebody() with { UserId = Guid.Empty })
        );
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.TellAsync(Given.Somebody() with { Preferences = null })
        );
    }

    [Fact]
    public async Task Who_wants_SMS_and_has_no_number_that_can_be_called_gets_the_rest()
    {
        var user = Given.Somebody(sms: true, phone: "call me");
        await _app.TellAsync(user);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Shipped(order, user.UserId));

        Assert.Equal(Channel.Email, Assert.Single(await _app.AboutAsync(order)).Channel);
    }

    private Task<Recipient?> RecipientAsync(Guid user) =>
        _app.WithAsync(db =>
            db.Recipients.AsNoTracking()
                .SingleOrDefaultAsync(r => r.UserId == user, TestContext.Current.CancellationToken)
        );
}
