using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Shop.Messaging;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.Notifications.Messages;
using Shop.Notifications.Orders;
using Shop.Notifications.Providers.Simulated;
using Shop.Notifications.Recipients;
using Shop.Notifications.Sending;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Notifications.Tests;

/// <summary>
/// The module on a database of its own and the real mail server, with a clock of the test's. Background work runs when the
/// test says so; events are handled as the dispatcher does it, in one transaction each.
/// </summary>
internal sealed class NotificationsApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NotificationsApp(WebApplication app, TestTokens tokens) => (_app, Tokens) = (app, tokens);

    public TestTokens Tokens { get; }

    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public NotificationSender Sender => _app.Services.GetRequiredService<NotificationSender>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<NotificationsApp> StartAsync(
        InfrastructureFixture infrastructure,
        params KeyValuePair<string, string?>[] settings
    ) => await StartAsync(infrastructure, await infrastructure.CreateDatabaseAsync(), settings);

    /// <summary>Another process on the same database.</summary>
    public static async Task<NotificationsApp> StartAsync(
        InfrastructureFixture infrastructure,
        string database,
        params KeyValuePair<string, string?>[] settings
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:notificationsdb", database),
            new("ConnectionStrings:messaging", "Endpoint=sb://none.test/"),
            new("ConnectionStrings:mail", await infrastructure.GetConnectionStringAsync("mail")),
        ]);
        builder.Configuration.AddInMemoryCollection(settings);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var tokens = await TestTokens.StartAsync(time);
        builder.Configuration.AddInMemoryCollection(tokens.Settings);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        NotificationsModule.AddServices(builder);
        builder.Services.RemoveAll<IHostedService>();
        builder.WebHost.UseTestServer();

        var app = builder.Build();
        app.UseServiceDefaults();
        NotificationsModule.MapEndpoints(app);
        var notifications = new NotificationsApp(app, tokens);
        await notifications.WithAsync(async db =>
        {
            await db.Database.MigrateAsync(Cancel);
            return 0;
        });
        await app.StartAsync(Cancel);
        return notifications;
    }

    /// <summary>Users tells of somebody.</summary>
    public Task TellAsync(UserTold user) => HandleAsync<UserEventHandler, UserTold>(user);

    /// <summary>Ordering tells of an order.</summary>
    public Task TellAsync<TEvent>(TEvent news)
        where TEvent : class, IOrderEvent => HandleAsync<OrderEventHandler<TEvent>, TEvent>(news);

    /// <summary>Sends all that is due at this moment, as a process of its own would.</summary>
    public Task SendDueAsync() =>
        ActivatorUtilities.CreateInstance<NotificationSender>(_app.Services).RunDueAsync(Cancel);

    /// <summary>The same after a while.</summary>
    public Task SendDueAfterAsync(TimeSpan time)
    {
        Time.Advance(time);
        return SendDueAsync();
    }

    public async Task<T> WithAsync<T>(Func<NotificationsDbContext, Task<T>> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>());
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>What is known about an order, in the order of its making.</summary>
    public Task<List<Notification>> AboutAsync(Guid order) =>
        WithAsync(db =>
            db.Notifications.AsNoTracking().Where(n => n.OrderId == order).OrderBy(n => n.Id).ToListAsync(Cancel)
        );

    /// <summary>The one of this kind and way.</summary>
    public async Task<Notification> OneAsync(
        Guid order,
        NotificationKind kind = NotificationKind.OrderConfirmed,
        Channel channel = Channel.Email
    ) => Assert.Single(await AboutAsync(order), n => n.Kind == kind && n.Channel == channel);

    /// <summary>What the simulated providers have taken for somebody.</summary>
    public Task<List<LocalDelivery>> TakenForAsync(string recipient) =>
        WithAsync(db =>
            db.LocalOutbox.AsNoTracking().Where(d => d.Recipient == recipient).OrderBy(d => d.Id).ToListAsync(Cancel)
        );

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        Guid? caller = null,
        string role = "customer",
        string? accept = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = Tokens.Bearer(caller ?? Guid.CreateVersion7(), role);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        return await _app.GetTestClient().SendAsync(request, Cancel);
    }

    public async Task<JsonElement> GetJsonAsync(string path, Guid? caller = null, string role = "customer")
    {
        using var response = await SendAsync(HttpMethod.Get, path, caller, role);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task HandleAsync<THandler, TMessage>(TMessage message)
        where THandler : class, IMessageHandler<TMessage>
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await scope
            .ServiceProvider.GetRequiredService<THandler>()
            .HandleAsync(
                message,
                new MessageContext(Guid.CreateVersion7().ToString(), "test", null, Time.GetUtcNow(), 1),
                Cancel
            );
        await db.SaveChangesAsync(Cancel);
        db.ChangeTracker.Clear(); // as before the next message of the same transaction
        await transaction.CommitAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}
