using Microsoft.Extensions.Configuration;

namespace Shop.ServiceDefaults.Configuration;

/// <summary>A connection string that the process reads.</summary>
internal sealed record ConnectionStringSetting(string Name, string Description, SettingNeed Need)
{
    public bool IsMissing(IConfiguration configuration, bool isDevelopment) =>
        string.IsNullOrWhiteSpace(configuration.GetConnectionString(Name))
        && (Need == SettingNeed.Always || (Need == SettingNeed.OutsideDevelopment && !isDevelopment));
}
