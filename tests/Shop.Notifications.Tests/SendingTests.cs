using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Notifications.Domain;
using Shop.Notifications.Messages;
using Shop.Notifications.Providers;
using Shop.Notifications.Providers.Simulated;
using Shop.Notifications.Sending;
using Shop.Testing;

namespace Shop.Notifications.Tests;

public sealed class SendingTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly NotificationsOptions Options = new();

    private readonly UserTold _user = Given.Somebody();
    private readonly Guid _order = Guid.CreateVersion7();
    private NotificationsApp _app = null!;
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await infrastructure.CreateDatabaseAsync();
        _app = await NotificationsApp.StartAsync(infrastructure, _database);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_mail_arrives_with_both_texts_and_its_id()
    {
        await TellAsync(Given.Confirmed(_user, _order));

        await _app.SendDueAsync();

        var mail = await infrastructure.MailToAsync(_user.Email!);
        var sent = await _app.OneAsync(_order);
        Assert.Equal(NotificationStatus.Sent, sent.Status);
        Assert.Equal(_app.Time.GetUtcNow(), sent.SentAt);
        Assert.Equal(sent.Subject, mail.Text("subject"));
        Assert.Equal("no-reply@shop.test", mail.GetProperty("from")[0].Text("address"));
        Assert.Equal("Ada Lovelace", mail.GetProperty("to")[0].Text("name"));
        Assert.Contains("Umbrella", mail.Text("text"), StringComparison.Ordinal);
        Assert.Contains("Umbrella", mail.Text("html"), StringComparison.Ordinal);
        var headers = mail.GetProperty("headers");
        Assert.Equal($"<{sent.Id:N}@shop.test>", headers.Text("message-id"));
        Assert.Equal("auto-generated", headers.Text("auto-submitted"));
    }

    [Fact]
    public async Task What_people_have_written_adds_no_header_and_no_recipient()
    {
        var eve = Given.Somebody(name: "Ada\r\nBcc: eve@example.test\r\n\r\nHello");
        await TellAsync(Given.Confirmed(eve, _order), eve);

        await _app.SendDueAsync();

        var mail = await infrastructure.MailToAsync(eve.Email!);
        Assert.Equal("Ada Bcc: eve@example.test Hello", mail.GetProperty("to")[0].Text("name"));
        Assert.False(mail.GetProperty("headers").TryGetProperty("bcc", out _));
        Assert.Single(mail.GetProperty("envelope").GetProperty("to").EnumerateArray());
    }

    [Fact]
    public async Task Several_processes_send_each_mail_once()
    {
        await using var other = await NotificationsApp.StartAsync(infrastructure, _database);
        await _app.TellAsync(_user);
        for (var i = 0; i < 30; i++)
        {
            await _app.TellAsync(Given.Shipped(Guid.CreateVersion7(), _user.UserId));
        }

        await Task.WhenAll(_app.SendDueAsync(), other.SendDueAsync(), _app.SendDueAsync(), other.SendDueAsync());

        var ids = (await infrastructure.MailsToAsync(_user.Email!)).Select(mail =>
            mail.GetProperty("headers").Text("message-id")
        );
        Assert.Equal(30, ids.Count());
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task While_the_mail_server_is_down_mails_wait_and_the_rest_goes_on()
    {
        await using var relay = Relay.To(await infrastructure.GetConnectionStringAsync("mail"));
        await using var app = await NotificationsApp.StartAsync(
            infrastructure,
            new KeyValuePair<string, string?>("ConnectionStrings:mail", relay.ConnectionString)
        );
        var user = Given.Somebody(push: true);
        await app.TellAsync(user);
        await app.TellAsync(Given.Shipped(_order, user.UserId));

        await app.SendDueAsync();

        var waiting = await app.OneAsync(_order, NotificationKind.OrderShipped);
        Assert.Equal(NotificationStatus.Pending, waiting.Status);
        Assert.Contains("cannot be reached", waiting.Reason, StringComparison.Ordinal);
        Assert.Single(await app.TakenForAsync(user.UserId.ToString()));
        Assert.Equal(HealthStatus.Degraded, await MailHealthAsync(app));

        relay.Start();
        await app.SendDueAfterAsync(Options.RetryDelay);

        Assert.Equal(NotificationStatus.Sent, (await app.OneAsync(_order, NotificationKind.OrderShipped)).Status);
        await infrastructure.MailToAsync(user.Email!);
        Assert.Equal(HealthStatus.Healthy, await MailHealthAsync(app));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_given_up_with_the_reason()
    {
        var user = Given.Somebody(email: false, sms: true, phone: SimulatedSmsProvider.UnreachableNumber);
        await TellAsync(Given.Shipped(_order, user.UserId), user);

        for (var attempt = 1; attempt < Options.MaxAttempts; attempt++)
        {
            await _app.SendDueAfterAsync(Options.MaxRetryDelay);
            var pending = await _app.OneAsync(_order, NotificationKind.OrderShipped, Channel.Sms);
            Assert.Equal((NotificationStatus.Pending, attempt), (pending.Status, pending.Attempts));
        }

        await _app.SendDueAfterAsync(Options.MaxRetryDelay);
        var dead = await _app.OneAsync(_order, NotificationKind.OrderShipped, Channel.Sms);
        Assert.Equal(NotificationStatus.DeadLettered, dead.Status);
        Assert.Equal("Given up after 15 attempts. The simulated provider does not answer.", dead.Reason);
        Assert.Null(dead.NextAttemptAt);
    }

    [Fact]
    public void The_pauses_grow_to_their_limit()
    {
        Assert.InRange(Options.DelayAfter(1), Options.RetryDelay / 2, Options.RetryDelay);
        Assert.InRange(Options.DelayAfter(3), Options.RetryDelay * 2, Options.RetryDelay * 4);
        Assert.InRange(Options.DelayAfter(1000), Options.MaxRetryDelay / 2, Options.MaxRetryDelay);
    }

    [Theory]
    [InlineData("RCPT", "550 no such mailbox", "DeadLettered")]
    [InlineData("MAIL", "550 not from you", "DeadLettered")]
    [InlineData("RCPT", "451 try later", "Pending")]
    [InlineData("DATA", "452 out of space", "Pending")]
    [InlineData("MAIL", "421 too busy", "Pending")]
    public async Task What_the_mail_server_answers_decides(string command, string answer, string status)
    {
        await using var server = new ScriptedMailServer(command, answer);
        await using var app = await StartWithAsync(server.ConnectionString);

        await app.SendDueAsync();

        var notification = await app.OneAsync(_order, NotificationKind.OrderShipped);
        Assert.Equal(status, notification.Status.ToString());
        Assert.NotNull(notification.Reason);
        Assert.Equal(1, notification.Attempts);
    }

    [Fact]
    public async Task A_mail_server_that_does_not_answer_is_waited_for_within_limits()
    {
        await using var server = new ScriptedMailServer("RCPT", answer: null);
        await using var app = await StartWithAsync(server.ConnectionString);
        var sending = app.SendDueAsync();
        await server.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        app.Time.Advance(Options.AttemptTimeout);
        await sending;

        var notification = await app.OneAsync(_order, NotificationKind.OrderShipped);
        Assert.Equal(NotificationStatus.Pending, notification.Status);
        Assert.Equal("There was no answer within 00:00:15.", notification.Reason);
    }

    [Fact]
    public async Task An_attempt_that_is_stopped_is_handed_back_uncounted()
    {
        await using var server = new ScriptedMailServer("RCPT", answer: null);
        await using var app = await StartWithAsync(server.ConnectionString);
        using var stopping = new CancellationTokenSource();
        var sending = app.Sender.RunDueAsync(stopping.Token);
        await server.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        var notification = await app.OneAsync(_order, NotificationKind.OrderShipped);
        Assert.Equal(
            (NotificationStatus.Pending, 0, app.Time.GetUtcNow()),
            (notification.Status, notification.Attempts, notification.NextAttemptAt)
        );
    }

    [Fact]
    public async Task When_the_process_dies_another_one_sends_after_the_lease()
    {
        await TellAsync(Given.Shipped(_order, _user.UserId));
        Assert.Single(await ClaimAsync());

        await _app.SendDueAfterAsync(Options.Lease - TimeSpan.FromSeconds(1));
        Assert.Empty(await infrastructure.MailsToAsync(_user.Email!));

        await _app.SendDueAfterAsync(TimeSpan.FromSeconds(1));
        await infrastructure.MailToAsync(_user.Email!);
    }

    [Fact]
    public async Task When_it_dies_after_the_server_took_the_mail_both_mails_have_the_same_id()
    {
        await TellAsync(Given.Shipped(_order, _user.UserId));
        var claimed = Assert.Single(await ClaimAsync());
        var recipient = await _app.WithAsync(db =>
            db.Recipients.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.IsType<DeliveryResult.Accepted>(
            await _app.Get<Delivery>().SendAsync(claimed, recipient, TestContext.Current.CancellationToken)
        );

        await _app.SendDueAfterAsync(Options.Lease);

        var mails = await infrastructure.MailsToAsync(_user.Email!);
        Assert.Equal(2, mails.Count);
        Assert.Single(mails.Select(mail => mail.GetProperty("headers").Text("message-id")).Distinct());
    }

    [Fact]
    public async Task Sms_and_push_that_are_sent_again_are_taken_once()
    {
        var user = Given.Somebody(email: false, push: true);
        await TellAsync(Given.Shipped(_order, user.UserId), user);
        var claimed = Assert.Single(await ClaimAsync(Channel.Push));
        var recipient = await _app.WithAsync(db =>
            db.Recipients.AsNoTracking().SingleAsync(TestContext.Current.CancellationToken)
        );
        await _app.Get<Delivery>().SendAsync(claimed, recipient, TestContext.Current.CancellationToken);

        await _app.SendDueAfterAsync(Options.Lease);

        Assert.Single(await _app.TakenForAsync(user.UserId.ToString()));
        Assert.Equal(
            NotificationStatus.Sent,
            (await _app.OneAsync(_order, NotificationKind.OrderShipped, Channel.Push)).Status
        );
    }

    [Fact]
    public async Task A_number_that_does_not_exist_is_not_tried_again()
    {
        var user = Given.Somebody(email: false, sms: true, phone: SimulatedSmsProvider.UnknownNumber);
        await TellAsync(Given.Shipped(_order, user.UserId), user);

        await _app.SendDueAsync();

        var dead = await _app.OneAsync(_order, NotificationKind.OrderShipped, Channel.Sms);
        Assert.Equal((NotificationStatus.DeadLettered, 1), (dead.Status, dead.Attempts));
    }

    [Fact]
    public async Task The_background_sender_is_woken_by_the_commit()
    {
        await using var app = await NotificationsApp.StartAsync(
            infrastructure,
            new KeyValuePair<string, string?>("Notifications:PollInterval", "01:00:00")
        );
        await app.Sender.StartAsync(TestContext.Current.CancellationToken);
        await app.TellAsync(_user);

        await app.TellAsync(Given.Shipped(_order, _user.UserId));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await app.OneAsync(_order, NotificationKind.OrderShipped)).Status != NotificationStatus.Sent)
        {
            Assert.False(limit.IsCancellationRequested, "The mail was not sent within 30 seconds.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await app.Sender.StopAsync(CancellationToken.None);
    }

    private async Task TellAsync<TEvent>(TEvent news, UserTold? user = null)
        where TEvent : class, IOrderEvent
    {
        await _app.TellAsync(user ?? _user);
        await _app.TellAsync(news);
    }

    /// <summary>The module with another mail server, and a mail to send.</summary>
    private async Task<NotificationsApp> StartWithAsync(string mail)
    {
        var app = await NotificationsApp.StartAsync(
            infrastructure,
            new KeyValuePair<string, string?>("ConnectionStrings:mail", mail)
        );
        await app.TellAsync(_user);
        await app.TellAsync(Given.Shipped(_order, _user.UserId));
        return app;
    }

    private async Task<List<Notification>> ClaimAsync(Channel channel = Channel.Email)
    {
        await using var scope = _app.Get<IServiceScopeFactory>().CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<NotificationClaims>()
            .TakeAsync(channel, 10, TestContext.Current.CancellationToken);
    }

    private static async Task<HealthStatus> MailHealthAsync(NotificationsApp app)
    {
        var report = await app.Get<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == "mail", TestContext.Current.CancellationToken);
        return report.Entries["mail"].Status;
    }
}
