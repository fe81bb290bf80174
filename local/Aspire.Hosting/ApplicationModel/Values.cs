namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value, and where it will be used.</summary>
public class ValueProviderContext
{
    /// <summary>The operation under way.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that will use the value.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network from which the value will be used.</summary>
    public NetworkIdentifier? Network { get; init; }
}

/// <summary>Something whose value is known only when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value; waits until it is known.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value for a caller; waits until it is known.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>Something that has a name in the deployment manifest.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression that stands for the value in the manifest, for instance <c>{db.connectionString}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value and its manifest expression.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Names a network in which an endpoint can be reached.</summary>
/// <param name="Value">The network's name.</param>
public record NetworkIdentifier(string Value);

/// <summary>The networks that are always there.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>This machine.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");

    /// <summary>The network that containers share.</summary>
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");

    /// <summary>The Internet.</summary>
    public static readonly NetworkIdentifier PublicInternet = new(".");
}

/// <summary>A value that is set once, later.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class ValueSnapshot<T>
{
    private readonly TaskCompletionSource<T> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the value is known.</summary>
    public bool IsValueSet => _first.Task.IsCompleted;

    /// <summary>The value; waits until it is set.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default) =>
        _first.Task.WaitAsync(cancellationToken);

    /// <summary>Sets the value.</summary>
    /// <param name="value">The value.</param>
    public void SetValue(T value) => _first.TrySetResult(value);

    /// <summary>Says that there will be no value.</summary>
    /// <param name="exception">Why.</param>
    public void SetException(Exception exception) => _first.TrySetException(exception);
}
