using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Shop.Users.Keys;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Shop.Users.Provider;

/// <summary>
/// Before a request of the protocol is handled: the keys are those of the database, and addresses that are told are the
/// gateway's, whatever address the gateway has found this process under.
/// </summary>
internal sealed class UseCurrentKeys(KeyRing ring, IOptionsMonitor<OpenIddictServerOptions> options)
    : IOpenIddictServerHandler<ProcessRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessRequestContext>()
            .UseSingletonHandler<UseCurrentKeys>()
            .SetOrder(OpenIddictServerHandlers.InferEndpointType.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(ProcessRequestContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Unknown)
        {
            return;
        }

        await ring.EnsureFreshAsync(context.CancellationToken);
        context.Transaction.Options = options.CurrentValue;
        context.Transaction.BaseUri = context.Transaction.Options.Issuer;
    }
}
