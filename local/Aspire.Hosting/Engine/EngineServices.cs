using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Engine;

internal static class EngineServices
{
    public static void AddEngine(this IServiceCollection services) { }
}
