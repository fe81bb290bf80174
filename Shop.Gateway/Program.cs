using Shop.Gateway;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Health;

if (HealthCheckVerb.IsAsked(args))
    return await HealthCheckVerb.RunAsync("gateway", args, Console.Error);

try
{
    await using var gateway = GatewayApplication.Build(args);
    await gateway.RunAsync();
    return 0;
}
catch (SettingException missing)
{
    await Console.Error.WriteLineAsync($"gateway does not start: {missing.Message}");
    return 1;
}
