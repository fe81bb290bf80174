using Shop.AppHost.Infrastructure;
using Shop.EmbeddedPostgres;

// The map of the system. Where databases, cache, bus and mail come from is decided in Infrastructure/.
try
{
    var builder = DistributedApplication.CreateBuilder(args);
    var infrastructure = await builder.AddInfrastructureAsync();

    var catalog = builder
        .AddContext<Projects.Shop_Catalog>("catalog", infrastructure)
        .WithGrpcEndpoint()
        .WithReference(infrastructure.Cache);
    var inventory = builder.AddContext<Projects.Shop_Inventory>("inventory", infrastructure);
    var payments = builder.AddContext<Projects.Shop_Payments>("payments", infrastructure);
    var ordering = builder.AddContext<Projects.Shop_Ordering>("ordering", infrastructure).WithReference(catalog);

    var users = builder.AddContext<Projects.Shop_Users>("users", infrastructure);
    var search = builder.AddContext<Projects.Shop_Search>("search", infrastructure).WithReference(catalog);
    var billing = builder.AddContext<Projects.Shop_Billing>("billing", infrastructure);
    var notifications = builder
        .AddContext<Projects.Shop_Notifications>("notifications", infrastructure)
        .WithReference(infrastructure.Mail);

    var gateway = builder
        .AddGateway<Projects.Shop_Gateway>("gateway")
        .WithReference(infrastructure.Cache)
        .WithReference(catalog)
        .WithReference(ordering)
        .WithReference(inventory)
        .WithReference(payments)
        .WithReference(users)
        .WithReference(search)
        .WithReference(billing)
        .WithReference(notifications);
    var storefront = builder
        .AddStorefront<Projects.Shop_Storefront>("storefront", infrastructure)
        .WithReference(gateway);
    gateway.WithReference(storefront);
    builder.AddIdentity(issuer: gateway, keys: users);

    builder.AddStartupReport();
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (OperationCanceledException) when (Environment.ExitCode != 0)
{
    return Environment.ExitCode; // ended while it was starting, and has said why
}
catch (Exception problem) when (problem is DistributedApplicationException or SetupException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
