namespace Azure.Messaging.ServiceBus;

/// <summary>How a client connects.</summary>
public class ServiceBusClientOptions
{
    /// <summary>Gets or sets the client's name in diagnostics; made up when not set.</summary>
    public string? Identifier { get; set; }

    /// <summary>Gets or sets how operations are tried again.</summary>
    public ServiceBusRetryOptions RetryOptions
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    /// <summary>Gets or sets after how much silence a connection counts as broken. A minute by default.</summary>
    public TimeSpan ConnectionIdleTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets who judges the broker's certificate in place of the system.</summary>
    public System.Net.Security.RemoteCertificateValidationCallback? CertificateValidationCallback { get; set; }
}
