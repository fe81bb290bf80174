using GraphQL;
using Grpc.Core;
using Shop.Gateway.Catalog;
using Shop.Gateway.Composition;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// Says in a GraphQL error why a service gave no answer, by a code and in words for the caller. Fields that other services
/// answer are not concerned.
/// </summary>
internal static class ServiceErrors
{
    /// <summary>The answer; null when there is no such thing.</summary>
    public static T? OrNull<T>(this Answer<T> answer, string service)
        where T : class => answer.Outcome == Outcome.NotFound ? null : answer.OrError(service);

    public static T OrError<T>(this Answer<T> answer, string service)
        where T : class =>
        answer.Outcome switch
        {
            Outcome.Answered => answer.Value!,
            Outcome.Unauthenticated => throw Error("UNAUTHENTICATED", "Sign in, and send the access token."),
            Outcome.Invalid => throw Error(
                "BAD_USER_INPUT",
                "An argument is out of its range; see the REST API's rules."
            ),
            _ => throw Unavailable(service),
        };

    /// <summary>What Catalog answers over gRPC, or an error.</summary>
    public static async Task<T> OrErrorAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            // Catalog's words: the field and its rule.
            throw Error("BAD_USER_INPUT", exception.Status.Detail);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            throw Unavailable(CatalogSetup.Service);
        }
    }

    private static ExecutionError Unavailable(string service) =>
        Error("UNAVAILABLE", $"The {service} service does not answer; try again later.");

    private static ExecutionError Error(string code, string message) => new(message) { Code = code };
}
