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
    await missing.WriteAsync(Console.Error, "gateway");
    return 1;
}
