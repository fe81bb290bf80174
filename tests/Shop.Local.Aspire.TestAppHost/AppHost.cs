using Microsoft.Extensions.Hosting;
using Shop.Local.Aspire.TestAppHost;

var builder = DistributedApplication.CreateBuilder(
    new DistributedApplicationOptions { Args = args, DisableDashboard = true }
);

var server = builder.AddResource(new TestServer("server"));
server
    .WithEndpoint(scheme: "tcp", name: "tcp", isProxied: false)
    .WithArgs("-c", "exec sleep 1000", server.Resource.Port);
var database = builder
    .AddResource(new TestDatabase("ordersdb", server.Resource))
    .WithInitialState(
        new CustomResourceSnapshot
        {
            ResourceType = "Database",
            State = KnownResourceStates.Running,
            Properties = [],
        }
    );

var service = builder
    .AddProject<Projects.Shop_Local_Aspire_TestService>("service")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReplicas(2);

var job = builder.AddExecutable("job", "sh", ".", "-c", "echo good; echo bad >&2");
var greeting = builder.AddParameter("greeting", "hello {you}");
builder
    .AddProject<Projects.Shop_Local_Aspire_TestService>("caller")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/ready")
    .WithReference(service)
    .WithReference(database)
    .WithEnvironment("GREETING", $"{greeting} at {service.GetEndpoint("http")}/{{path}}")
    .WaitFor(service)
    .WaitFor(database)
    .WaitForCompletion(job);

var app = builder.Build();
await app.StartAsync();
Console.WriteLine("started");
await app.WaitForShutdownAsync();
