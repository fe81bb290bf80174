// A service that tells which instance it is; it is ready at once.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => Environment.GetEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES"));
app.MapGet("/ready", () => Results.Ok());
app.Run();
