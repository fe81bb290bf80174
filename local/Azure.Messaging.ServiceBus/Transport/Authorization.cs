using Amqp;
using Amqp.Framing;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>
/// Keeps one connection authorized: puts a token for every entity that is used to <c>$cbs</c>, and a new one before it
/// ends.
/// </summary>
internal sealed class Authorization : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan RenewalTimeout = TimeSpan.FromSeconds(30);

    private readonly TokenSource _tokens;
    private readonly string _endpoint;
    private readonly Reopenable<RequestLink> _link;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, DateTimeOffset> _renewAt = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _renewing = Task.CompletedTask;

    public Authorization(Connection connection, TokenSource tokens, string endpoint)
    {
        _tokens = tokens;
        _endpoint = endpoint;
        _link = new(
            cancellationToken => RequestLink.OpenAsync(new Session(connection), "$cbs", cancellationToken),
            link => link.IsOpen,
            link => link.CloseAsync()
        );
    }

    /// <summary>Makes sure that the broker has a token for an entity.</summary>
    /// <exception cref="UnauthorizedAccessException">The broker does not accept the token.</exception>
    public async Task AuthorizeAsync(string entityPath, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_renewAt.TryGetValue(entityPath, out var renewAt) && renewAt > TimeProvider.System.GetUtcNow())
            {
                return;
            }

            _renewAt[entityPath] = await PutTokenAsync(entityPath, cancellationToken).ConfigureAwait(false);
            if (_renewing.IsCompleted)
            {
                _renewing = RenewAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        await _link.CloseAsync().ConfigureAwait(false);
    }

    private async Task<DateTimeOffset> PutTokenAsync(string entityPath, CancellationToken cancellationToken)
    {
        var audience = $"{_endpoint}{entityPath}";
        var token = await _tokens.GetAsync(audience, cancellationToken).ConfigureAwait(false);
        var link = await _link.GetAsync(cancellationToken).ConfigureAwait(false);
        var response = await link.SendAsync(
                new Message
                {
                    ApplicationProperties = new ApplicationProperties
                    {
                        ["operation"] = "put-token",
                        ["type"] = token.Type,
                        ["name"] = audience,
                        ["expiration"] = token.ExpiresOn.UtcDateTime,
                    },
                    BodySection = new AmqpValue { Value = token.Value },
                },
                cancellationToken
            )
            .ConfigureAwait(false);

        var answer = response.ApplicationProperties;
        if (answer?["status-code"] is int and (200 or 202))
        {
            var now = TimeProvider.System.GetUtcNow();
            return now + ((token.ExpiresOn - now) * 0.75);
        }

        throw answer?["status-code"] is 401
            ? new UnauthorizedAccessException(
                $"The broker does not accept the token for '{entityPath}': {answer["status-description"]}"
            )
            : AmqpErrors.From(
                answer?["error-condition"]?.ToString() ?? (answer?["status-code"] is 404 ? "amqp:not-found" : null),
                $"The broker did not take the token for '{entityPath}': {answer?["status-description"]}"
            );
    }

    private async Task RenewAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var (entityPath, renewAt) = await NextAsync().ConfigureAwait(false);
                var wait = renewAt - TimeProvider.System.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    // Tokens without an end wait again and again; a single wait has a longest time.
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, _stopping.Token).ConfigureAwait(false);
                }
                else
                {
                    await RenewAsync(entityPath).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RenewAsync(string entityPath)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(RenewalTimeout);
        DateTimeOffset next;
        try
        {
            next = await PutTokenAsync(entityPath, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The old token is good for a while; if it ends, the broker closes the link, and its user sees why.
            next = TimeProvider.System.GetUtcNow() + RetryAfterFailure;
        }

        await _gate.WaitAsync(_stopping.Token).ConfigureAwait(false);
        _renewAt[entityPath] = next;
        _gate.Release();
    }

    private async Task<KeyValuePair<string, DateTimeOffset>> NextAsync()
    {
        await _gate.WaitAsync(_stopping.Token).ConfigureAwait(false);
        var next = _renewAt.MinBy(entry => entry.Value);
        _gate.Release();
        return next;
    }
}
