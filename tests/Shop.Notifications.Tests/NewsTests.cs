using Shop.Messaging;
using Shop.Notifications.Domain;
using Shop.Testing;

namespace Shop.Notifications.Tests;

/// <summary>What becomes of news about orders, whatever their order and however often they come.</summary>
public sealed class NewsTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private NotificationsApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await NotificationsApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(true, false, false, "Email")]
    [InlineData(false, true, false, "Sms")]
    [InlineData(false, false, true, "Push")]
    [InlineData(true, true, true, "Email", "Push", "Sms")]
    public async Task A_customer_is_told_on_the_ways_that_they_want(
        bool email,
        bool sms,
        bool push,
        params string[] ways
    )
    {
        var user = Given.Somebody(email, sms, push);
        await _app.TellAsync(user);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Shipped(order, user.UserId));

        var about = await _app.AboutAsync(order);
        Assert.Equal(ways, about.Select(n => n.Channel.ToString()).Order());
        Assert.All(about, n => Assert.Equal(NotificationStatus.Pending, n.Status));
    }

    [Fact]
    public async Task Who_wants_nothing_is_told_nothing_and_that_is_remembered()
    {
        var user = Given.Somebody(email: false);
        await _app.TellAsync(user);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Shipped(order, user.UserId));
        await _app.TellAsync(user with { Preferences = new(true, false, false), Version = 2 });
        await _app.TellAsync(Given.Shipped(order, user.UserId));

        var only = Assert.Single(await _app.AboutAsync(order));
        Assert.Equal(NotificationStatus.Suppressed, only.Status);
        Assert.NotNull(only.Reason);
    }

    [Fact]
    public async Task The_same_news_again_under_another_id_change_nothing()
    {
        var user = await SomebodyAsync(sms: true);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Shipped(order, user));
        await _app.SendDueAsync();
        var before = await _app.AboutAsync(order);

        await _app.TellAsync(Given.Shipped(order, user));

        Assert.Equal(
            before.Select(n => (n.Id, n.Status)),
            (await _app.AboutAsync(order)).Select(n => (n.Id, n.Status))
        );
    }

    [Fact]
    public async Task The_same_news_many_times_at_once_are_told_once()
    {
        var user = await SomebodyAsync(sms: true);
        var order = Guid.CreateVersion7();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _app.TellAsync(Given.Shipped(order, user))));

        Assert.Equal(2, (await _app.AboutAsync(order)).Count);
    }

    [Fact]
    public async Task A_push_about_the_delivery_is_due_an_hour_after_the_confirmation()
    {
        var user = await SomebodyAsync(push: true);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Confirmed(order, user));
        await _app.SendDueAsync();
        Assert.Equal(["is confirmed"], await PushesAsync(user));

        await _app.SendDueAfterAsync(AnHour - TimeSpan.FromSeconds(1));
        Assert.Equal(["is confirmed"], await PushesAsync(user));

        await _app.SendDueAfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["is confirmed", "is being prepared"], await PushesAsync(user));
        await _app.SendDueAfterAsync(AnHour);
        Assert.Equal(2, (await PushesAsync(user)).Length);
    }

    [Fact]
    public async Task It_is_for_those_who_want_push_only()
    {
        var user = await SomebodyAsync(sms: true);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Confirmed(order, user));

        Assert.DoesNotContain(await _app.AboutAsync(order), n => n.Kind == NotificationKind.DeliveryNotification);
    }

    [Fact]
    public async Task It_survives_the_process_that_scheduled_it()
    {
        var database = await infrastructure.CreateDatabaseAsync();
        var user = Given.Somebody(push: true);
        await using (var first = await NotificationsApp.StartAsync(infrastructure, database))
        {
            await first.TellAsync(user);
            await first.TellAsync(Given.Confirmed(user));
        }

        await using var second = await NotificationsApp.StartAsync(infrastructure, database);
        await second.SendDueAfterAsync(AnHour);

        Assert.Equal(2, (await second.TakenForAsync(user.UserId.ToString())).Count);
    }

    [Fact]
    public async Task Who_turns_push_off_within_the_hour_does_not_get_it()
    {
        var user = Given.Somebody(push: true);
        await _app.TellAsync(user);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Given.Confirmed(user, order));
        await _app.SendDueAsync();

        await _app.TellAsync(user with { Preferences = new(true, false, false), Version = 2 });
        await _app.SendDueAfterAsync(AnHour);

        Assert.Equal(["is confirmed"], await PushesAsync(user.UserId));
        var ahead = await _app.OneAsync(order, NotificationKind.DeliveryNotification, Channel.Push);
        Assert.Equal(NotificationStatus.Suppressed, ahead.Status);
    }

    [Fact]
    public async Task A_cancelled_order_is_not_prepared_for_delivery()
    {
        var user = await SomebodyAsync(push: true);
        var order = Guid.CreateVersion7();
        await _app.TellAsync(Confirmed(order, user));
        await _app.SendDueAsync();

        await _app.TellAsync(Given.Cancelled(order, user));
        await _app.SendDueAfterAsync(AnHour);

        Assert.Equal(["is confirmed", "was cancelled"], await PushesAsync(user));
        var ahead = await _app.OneAsync(order, NotificationKind.DeliveryNotification, Channel.Push);
        Assert.Equal(NotificationStatus.Cancelled, ahead.Status);
        Assert.Equal("The order was cancelled.", ahead.Reason);
    }

    [Fact]
    public async Task A_confirmation_that_comes_after_the_cancellation_is_not_told()
    {
        var user = await SomebodyAsync(push: true);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Cancelled(order, user));
        await _app.TellAsync(Confirmed(order, user));
        await _app.TellAsync(Confirmed(order, user));
        await _app.SendDueAfterAsync(AnHour);

        Assert.Equal(["was cancelled"], await PushesAsync(user));
        var confirmed = Assert.Single(await _app.AboutAsync(order), n => n.Kind != NotificationKind.OrderCancelled);
        Assert.Equal(NotificationStatus.Cancelled, confirmed.Status);
    }

    [Fact]
    public async Task Confirmation_and_cancellation_at_the_same_moment_never_leave_a_push_behind()
    {
        var user = await SomebodyAsync(push: true);
        var orders = Enumerable.Range(0, 15).Select(_ => Guid.CreateVersion7()).ToList();

        await Task.WhenAll(
            orders.SelectMany(order =>
                new[] { _app.TellAsync(Confirmed(order, user)), _app.TellAsync(Given.Cancelled(order, user)) }
            )
        );
        await _app.SendDueAfterAsync(AnHour);

        Assert.DoesNotContain("is being prepared", await PushesAsync(user));
        Assert.Equal(orders.Count, (await PushesAsync(user)).Count(push => push == "was cancelled"));
    }

    [Fact]
    public async Task Shipped_before_confirmed_tells_both()
    {
        var user = await SomebodyAsync(push: true);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Shipped(order, user));
        await _app.TellAsync(Confirmed(order, user));
        await _app.SendDueAsync();

        Assert.Equal(["is confirmed", "is on its way"], (await PushesAsync(user)).Order());
    }

    [Fact]
    public async Task Delivered_before_shipped_does_not_tell_that_it_is_on_its_way()
    {
        var user = await SomebodyAsync(push: true);
        var order = Guid.CreateVersion7();

        await _app.TellAsync(Given.Delivered(order, user));
        await _app.TellAsync(Given.Shipped(order, user));
        await _app.TellAsync(Confirmed(order, user));
        await _app.SendDueAfterAsync(AnHour);

        Assert.Equal(["is confirmed", "was delivered"], (await PushesAsync(user)).Order());
    }

    [Fact]
    public async Task News_of_no_order_or_of_nobody_are_rejected()
    {
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.TellAsync(Given.Shipped(Guid.Empty, Guid.CreateVersion7()))
        );
        await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.TellAsync(Given.Delivered(Guid.CreateVersion7(), Guid.Empty))
        );
    }

    private async Task<Guid> SomebodyAsync(bool sms = false, bool push = false)
    {
        var user = Given.Somebody(sms: sms, push: push);
        await _app.TellAsync(user);
        return user.UserId;
    }

    private static Messages.OrderConfirmed Confirmed(Guid order, Guid user) =>
        Given.Confirmed(Given.Somebody() with { UserId = user }, order);

    /// <summary>What the pushes that somebody got say of the order.</summary>
    private async Task<string[]> PushesAsync(Guid user) =>
        [
            .. (await _app.TakenForAsync(user.ToString()))
                .OrderBy(push => push.AcceptedAt)
                .ThenBy(push => push.Id)
                .Select(push => push.Title["Your order 12345678 ".Length..]),
        ];
}
