using Amqp;
using Amqp.Sasl;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>The one AMQP connection of a client, opened when first needed and anew after it broke.</summary>
internal sealed class BrokerConnection
{
    private const ushort MaxSessions = 4096;
    private const int MaxFrameSize = 64 * 1024;

    private readonly BrokerAddress _address;
    private readonly TokenSource _tokens;
    private readonly ServiceBusClientOptions _options;
    private readonly Reopenable<Opened> _connection;
    private Opened? _last;

    public BrokerConnection(
        BrokerAddress address,
        TokenSource tokens,
        ServiceBusClientOptions options,
        string identifier
    )
    {
        _address = address;
        _tokens = tokens;
        _options = options;
        Identifier = identifier;
        _connection = new(OpenAsync, opened => !opened.Connection.IsClosed, CloseAsync);
    }

    public string Identifier { get; }

    /// <summary>Starts a session in which links to an entity may be attached.</summary>
    public async Task<(Session Session, Settlements Settlements)> OpenSessionAsync(
        string entityPath,
        CancellationToken cancellationToken
    )
    {
        var opened = await _connection.GetAsync(cancellationToken).ConfigureAwait(false);
        await opened.Authorization.AuthorizeAsync(entityPath, cancellationToken).ConfigureAwait(false);
        return (new Session(opened.Connection), opened.Settlements);
    }

    public Task CloseAsync() => _connection.CloseAsync();

    private static async Task CloseAsync(Opened opened)
    {
        await opened.Authorization.DisposeAsync().ConfigureAwait(false);
        await Links.CloseAsync(opened.Connection).ConfigureAwait(false);
    }

    private async Task<Opened> OpenAsync(CancellationToken cancellationToken)
    {
        if (_last is { } broken)
        {
            await broken.Authorization.DisposeAsync().ConfigureAwait(false);
        }

        var factory = new ConnectionFactory();
        factory.AMQP.ContainerId = Identifier;
        factory.AMQP.HostName = _address.Host;
        factory.AMQP.MaxFrameSize = MaxFrameSize;
        factory.AMQP.MaxSessionsPerConnection = MaxSessions;
        factory.AMQP.IdleTimeout = (int)_options.ConnectionIdleTimeout.TotalMilliseconds;
        factory.TCP.NoDelay = true;
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.SSL.RemoteCertificateValidationCallback = _options.CertificateValidationCallback;

        var settlements = new Settlements();
        var connection = await factory
            .CreateAsync(
                new Address(_address.Host, _address.Port, null, null, "/", _address.Scheme),
                cancellationToken,
                settlements
            )
            .WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        _last = new Opened(connection, new Authorization(connection, _tokens, _address.Audience), settlements);
        return _last;
    }

    private sealed record Opened(Connection Connection, Authorization Authorization, Settlements Settlements);
}
