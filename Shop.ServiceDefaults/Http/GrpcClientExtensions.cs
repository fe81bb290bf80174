using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults;

/// <summary>Calls to the gRPC services of other contexts.</summary>
public static class GrpcClientExtensions
{
    /// <summary>The time that a call has with all its tries, unless it is given its own deadline.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds a client of another context's gRPC service, found as the endpoint <c>grpc</c> of that name. Every call has a
    /// deadline of 5 seconds unless it brings its own; what was answered with UNAVAILABLE, or not at all, is tried up to four
    /// times with jittered back-off; and the circuit breaker of every HTTP client stands in front. For queries only: a
    /// call may arrive more than once.
    /// </summary>
    /// <typeparam name="TClient">The generated client.</typeparam>
    /// <param name="services">The module's services.</param>
    /// <param name="service">The service's name, such as <c>catalog</c>.</param>
    public static IHttpClientBuilder AddGrpcServiceClient<TClient>(this IServiceCollection services, string service)
        where TClient : class =>
        services
            // Two modules of one process may each have a ProductServiceClient of their own.
            .AddGrpcClient<TClient>(
                typeof(TClient).FullName!,
                client =>
                {
                    client.Address = new Uri($"http://_grpc.{service}");
                    client.CallOptionsActions.Add(LimitInTime);
                }
            )
            .ConfigureChannel(channel =>
            {
                channel.ServiceConfig = new ServiceConfig { MethodConfigs = { RetryWhenUnavailable } };
                // As with every other asynchronous method, when the caller's token is cancelled or the time is over.
                channel.ThrowOperationCanceledOnCancellation = true;
            });

    // A new one for each client: the channel keeps it.
    private static MethodConfig RetryWhenUnavailable =>
        new()
        {
            Names = { MethodName.Default },
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = 4,
                InitialBackoff = TimeSpan.FromMilliseconds(100),
                MaxBackoff = TimeSpan.FromSeconds(1),
                BackoffMultiplier = 2,
                // INTERNAL is what gRPC makes of a try that the HTTP client's own limit ended, or its circuit breaker.
                RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.Internal },
            },
        };

    private static void LimitInTime(CallOptionsContext context)
    {
        if (context.CallOptions.Deadline is null)
        {
            var now = context.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
            context.CallOptions = context.CallOptions.WithDeadline((now + Deadline).UtcDateTime);
        }
    }
}
