namespace Shop.EndToEnd;

/// <summary>Sends every request that does not say itself who sends it in the name of the demo customer.</summary>
internal sealed class DemoCustomer : DelegatingHandler
{
    private readonly Account _account;

    public DemoCustomer(Uri shop)
        : base(new SocketsHttpHandler())
    {
        _account = new Account(
            request =>
            {
                request.RequestUri = new Uri(shop, request.RequestUri!);
                return base.SendAsync(request, TestContext.Current.CancellationToken);
            },
            "customer@shop.test"
        );
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Authorization ??= await _account.AuthorizationAsync();
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _account.Dispose();
        base.Dispose(disposing);
    }
}
