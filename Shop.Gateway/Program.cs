using Shop.Gateway;

await using var gateway = GatewayApplication.Build(args);
await gateway.RunAsync();
