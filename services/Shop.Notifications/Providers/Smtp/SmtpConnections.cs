using System.Collections.Concurrent;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;

namespace Shop.Notifications.Providers.Smtp;

/// <summary>
/// Open connections to the mail server, used again by the next mail: greeting, TLS and login cost more than a mail. As many as
/// mails are sent at the same time.
/// </summary>
internal sealed class SmtpConnections(SmtpServer server, IOptions<NotificationsOptions> options, TimeProvider time)
    : IAsyncDisposable
{
    // Servers hang up after some minutes.
    private static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(20);

    private readonly ConcurrentStack<(SmtpClient Client, long Since)> _idle = new();

    /// <summary>A connection that the server has just answered on.</summary>
    public async Task<SmtpClient> RentAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
        {
            if (time.GetElapsedTime(idle.Since) < MaxIdle && await AnswersAsync(idle.Client, cancellationToken))
            {
                return idle.Client;
            }

            idle.Client.Dispose();
        }

        return await OpenAsync(cancellationToken);
    }

    /// <summary>For the next one; only after a mail that went well.</summary>
    public void Return(SmtpClient client) => _idle.Push((client, time.GetTimestamp()));

    /// <summary>Says goodbye on each of them.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        while (_idle.TryPop(out var idle))
        {
            using (idle.Client)
            {
                await GoodbyeAsync(idle.Client, limit.Token);
            }
        }
    }

    private async Task<SmtpClient> OpenAsync(CancellationToken cancellationToken)
    {
        var client = new SmtpClient { Timeout = (int)options.Value.AttemptTimeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security, cancellationToken);
            if (server.Login is { } login)
            {
                await client.AuthenticateAsync(login, cancellationToken);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<bool> AnswersAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.NoOpAsync(cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // whatever it was, a new connection is opened and tells
        }
    }

    private static async Task GoodbyeAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or MailKit.ProtocolException)
        {
            // The server has hung up before.
        }
    }
}
