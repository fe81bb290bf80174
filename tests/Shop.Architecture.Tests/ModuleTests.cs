using System.Reflection;
using System.Text.RegularExpressions;
using Shop.Billing;
using Shop.Catalog;
using Shop.Inventory;
using Shop.Notifications;
using Shop.Ordering;
using Shop.Payments;
using Shop.Search;
using Shop.ServiceDefaults;
using Shop.Storefront;
using Shop.Users;

namespace Shop.Architecture.Tests;

public sealed partial class ModuleTests
{
    private static readonly string[] SharedProjects =
    [
        "Shop.ServiceDefaults/Shop.ServiceDefaults.csproj",
        "Shop.Messaging/Shop.Messaging.csproj",
    ];

    public static TheoryData<Type> Modules =>
        new(
            typeof(CatalogModule),
            typeof(OrderingModule),
            typeof(InventoryModule),
            typeof(PaymentsModule),
            typeof(UsersModule),
            typeof(SearchModule),
            typeof(BillingModule),
            typeof(NotificationsModule),
            typeof(StorefrontModule)
        );

    [Fact]
    public void Every_service_is_looked_at()
    {
        var services = Repository
            .ProductionProjects()
            .Where(project => project.IsModule)
            .Select(project => Path.GetFileNameWithoutExtension(project.Path));

        Assert.Equal(services.Order(), Modules.Select(row => row.Data.Assembly.GetName().Name).Order());
    }

    [Fact]
    public void A_module_references_the_shared_projects_and_no_other_module() =>
        Assert.All(
            Repository.ProductionProjects().Where(project => project.IsModule),
            project => Assert.Empty(project.References.Except(SharedProjects))
        );

    [Fact]
    public void The_monolith_hosts_every_module_and_holds_none()
    {
        var all = Repository.ProductionProjects().ToArray();
        var monolith = Assert.Single(all, project => project.Path == "services/Shop.Monolith/Shop.Monolith.csproj");

        var hosted = monolith.References.Where(reference =>
            reference.StartsWith("services/", StringComparison.Ordinal)
        );

        Assert.Equal(all.Where(project => project.IsModule).Select(project => project.Path).Order(), hosted.Order());
        Assert.DoesNotContain(
            Repository.ProductionSources(),
            source =>
                source.Path.StartsWith("services/Shop.Monolith/", StringComparison.Ordinal)
                && source.Text.Contains(": IModule", StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_modules_assembly_uses_no_other_modules(Type module)
    {
        var others = Modules.Select(row => row.Data.Assembly.GetName().Name).ToHashSet();

        var used = module.Assembly.GetReferencedAssemblies().Select(name => name.Name);

        Assert.DoesNotContain(used, others.Contains);
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_shows_the_outside_nothing_but_itself(Type module)
    {
        var visible = module
            .Assembly.GetExportedTypes()
            .Where(type => type != module && !IsGenerated(type) && !IsOfPages(type));

        Assert.Empty(visible);
        Assert.True(typeof(IModule).IsAssignableFrom(module));
    }

    [Fact]
    public void No_two_modules_use_the_same_database()
    {
        var databases = Repository
            .ProductionSources()
            .SelectMany(source =>
                AddsDatabase().Matches(source.Text).Select(match => (Name: match.Groups["name"].Value, source.Path))
            )
            .ToArray();

        Assert.NotEmpty(databases);
        var shared = databases
            .GroupBy(database => database.Name)
            .Where(group => group.Select(use => use.Path.Split('/')[1]).Distinct().Count() > 1);
        Assert.Empty(shared.Select(group => group.Key));
    }

    // The SDK makes Program public, for tests; migrations and what protoc writes have to be.
    private static bool IsGenerated(Type type) =>
        type.FullName == "Program"
        || type.Namespace?.Contains(".Migrations", StringComparison.Ordinal) == true
        || type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is not null;

    // Blazor wants components to be public, and with them what they show.
    private static bool IsOfPages(Type type) =>
        type.Namespace?.StartsWith("Shop.Storefront.", StringComparison.Ordinal) == true;

    [GeneratedRegex(@"AddModuleDatabase(<[^>]*>)?\(\s*""(?<name>\w+)""")]
    private static partial Regex AddsDatabase();
}
