using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Says where the dashboard is once it answers, and why when it does not.</summary>
internal sealed class DashboardMonitor(
    IConfiguration configuration,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> logger
) : BackgroundService
{
    private const int LastLines = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = DashboardSettings.Read(configuration);
        using var timer = new CancellationTokenSource(Limit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken,
            lifetime.ApplicationStopping,
            timer.Token
        );
        try
        {
            var dashboard = await notifications.WaitForResourceAsync(
                DashboardSettings.ResourceName,
                known =>
                    known.Snapshot.State?.Text is { } state && (state == KnownResourceStates.Running || IsEnd(state)),
                limit.Token
            );
            if (!IsEnd(dashboard.Snapshot.State!.Text))
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
                var ends = WaitForEndAsync(ended.Token);
                var answers = WaitForAnswerAsync(settings.Pages[0], ended.Token);
                var first = await Task.WhenAny(answers, ends);
                await ended.CancelAsync();
                await Task.WhenAll(answers, ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (first == answers && answers.IsCompletedSuccessfully)
                {
                    Announce(settings);
                    return;
                }

                limit.Token.ThrowIfCancellationRequested();
            }

            await ReportEndAsync(dashboard.ResourceId, limit.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            logger.LogError(
                "The dashboard has not answered on {Address} for {Seconds} s; everything else goes on without it.",
                LocalAddress.Text(settings.Pages[0]),
                Limit.TotalSeconds
            );
        }
        catch (OperationCanceledException)
        {
            // The application stops before the dashboard was up.
        }
    }

    private static bool IsEnd(string state) => KnownResourceStates.TerminalStates.Contains(state);

    private Task<string> WaitForEndAsync(CancellationToken ct) =>
        notifications.WaitForResourceAsync(DashboardSettings.ResourceName, KnownResourceStates.TerminalStates, ct);

    private static async Task WaitForAnswerAsync(Uri page, CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, ct);
                return;
            }
            catch (Exception e)
                when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                await Task.Delay(RetryEvery, ct);
            }
        }
    }

    // Tools such as 'dotnet watch' look for these very lines.
    private void Announce(DashboardSettings settings)
    {
        var address = LocalAddress.Text(settings.Pages[0]);
        logger.LogInformation("Now listening on: {DashboardUrl}", address);
        if (settings.BrowserToken is { } token)
        {
            logger.LogInformation("Login to the dashboard at {LoginUrl}", $"{address}/login?t={token}");
        }
    }

    private async Task ReportEndAsync(string resourceId, CancellationToken ct)
    {
        var last = new Queue<string>();
        await foreach (var lines in logs.GetAllAsync(resourceId).WithCancellation(ct))
        {
            foreach (var line in lines)
            {
                last.Enqueue(line.Content);
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }
            }
        }

        logger.LogError(
            "The dashboard has ended; everything else goes on without it. It said: {Output}",
            string.Join(Environment.NewLine, last)
        );
    }
}
