namespace Azure.Messaging.ServiceBus;

/// <summary>How large a batch may become.</summary>
public class CreateMessageBatchOptions
{
    /// <summary>Gets or sets the limit in bytes; the entity's own when null.</summary>
    public long? MaxSizeInBytes
    {
        get;
        set
        {
            if (value is { } size)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(size, 24, nameof(value));
            }

            field = value;
        }
    }
}
