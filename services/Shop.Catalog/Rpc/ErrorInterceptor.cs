using Grpc.Core;
using Grpc.Core.Interceptors;
using Npgsql;

namespace Shop.Catalog.Rpc;

/// <summary>Nothing unexpected reaches a caller but UNAVAILABLE, which is worth another try, or INTERNAL, which is not.</summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context);
        }
        catch (RpcException)
        {
            throw;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "The caller gave up."));
        }
        catch (Exception exception) when (IsDatabaseDown(exception))
        {
            Log.DatabaseDown(logger, context.Method, exception);
            throw RpcErrors.Unavailable();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, context.Method, exception);
            throw RpcErrors.Internal();
        }
    }

    // EF Core wraps them.
    private static bool IsDatabaseDown(Exception exception) =>
        exception is NpgsqlException { IsTransient: true }
        || (exception.InnerException is { } inner && IsDatabaseDown(inner));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method}: the database does not answer")]
        public static partial void DatabaseDown(ILogger logger, string method, Exception exception);

        [LoggerMessage(LogLevel.Error, "{Method} failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}
