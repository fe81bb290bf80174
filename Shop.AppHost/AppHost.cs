using Shop.AppHost.Infrastructure;

// The map of the system. Where databases, cache, bus and mail come from is decided in Infrastructure/.
try
{
    var builder = DistributedApplication.CreateBuilder(args);
    var infrastructure = await builder.AddInfrastructureAsync();

    var catalog = builder
        .AddContext<Projects.Shop_Catalog>("catalog", infrastructure)
        .WithReference(infrastructure.Cache);
    var inventory = builder.AddContext<Projects.Shop_Inventory>("inventory", infrastructure);
    var payments = builder.AddContext<Projects.Shop_Payments>("payments", infrastructure);
    var ordering = builder.AddContext<Projects.Shop_Ordering>("ordering", infrastructure).WithReference(catalog);

    // Users, Search, Billing and Notifications take their place here, each with one line like those above;
    // Notifications also gets .WithReference(infrastructure.Mail).

    builder
        .AddGateway<Projects.Shop_Gateway>("gateway")
        .WithReference(catalog)
        .WithReference(ordering)
        .WithReference(inventory)
        .WithReference(payments);

    builder.AddStartupReport();
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (OperationCanceledException) when (Environment.ExitCode != 0)
{
    return Environment.ExitCode; // ended while it was starting, and has said why
}
catch (DistributedApplicationException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
