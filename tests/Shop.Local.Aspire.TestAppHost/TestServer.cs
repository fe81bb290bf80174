namespace Shop.Local.Aspire.TestAppHost;

/// <summary>A server with a connection string, such as PostgreSQL.</summary>
internal sealed class TestServer : ExecutableResource, IResourceWithConnectionString
{
    public TestServer(string name)
        : base(name, "sh", ".") => Endpoint = new EndpointReference(this, "tcp");

    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"Host={Endpoint.Property(EndpointProperty.Host)};Port={Endpoint.Property(EndpointProperty.Port)}"
        );

    private EndpointReference Endpoint { get; }
}

internal sealed class TestDatabase(string name, TestServer parent)
    : Resource(name),
        IResourceWithParent<TestServer>,
        IResourceWithConnectionString
{
    public TestServer Parent => parent;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{(IResourceWithConnectionString)parent};Database={Name}");
}
