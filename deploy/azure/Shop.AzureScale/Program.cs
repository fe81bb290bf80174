using Azure.Identity;
using Shop.AzureScale;

// azd runs this after it has deployed the services (azure.yaml, postdeploy). azd itself deploys them without probes and
// with one replica each, and has no setting for either.
try
{
    using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
    var apps = new ContainerApps(
        Setting("AZURE_SUBSCRIPTION_ID"),
        Environment.GetEnvironmentVariable("AZURE_RESOURCE_GROUP") ?? $"rg-{Setting("AZURE_ENV_NAME")}",
        new AzureDeveloperCliCredential()
    );
    var bus = new ScaleByQueue(
        new Uri(Setting("MESSAGING_ENDPOINT")).Host.Split('.')[0],
        Setting("AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID")
    );
    foreach (var service in await apps.ListAsync(limit.Token))
    {
        await apps.UpdateAsync(service, app => ServiceTemplate.Of(service, app, bus), limit.Token);
        Console.WriteLine($"{service} has its probes and scale rules.");
    }

    return 0;
}
catch (Exception problem)
    when (problem
            is AuthenticationFailedException
                or HttpRequestException
                or InvalidOperationException
                or OperationCanceledException
    )
{
    await Console.Error.WriteLineAsync($"Probes and scale rules could not be set: {problem.Message}");
    return 1;
}

static string Setting(string name) =>
    Environment.GetEnvironmentVariable(name)
    ?? throw new InvalidOperationException($"{name} is missing: start this with 'azd hooks run postdeploy'.");
