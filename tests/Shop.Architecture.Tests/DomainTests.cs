using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Shop.Billing;
using Shop.Catalog;
using Shop.Inventory;
using Shop.Notifications;
using Shop.Ordering;
using Shop.Payments;
using Shop.Search;
using Shop.Users;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Shop.Architecture.Tests;

public sealed class DomainTests
{
    private const string Technology =
        @"^(Microsoft\.EntityFrameworkCore|Microsoft\.AspNetCore|Microsoft\.Extensions\.(Hosting|DependencyInjection|Configuration)|Npgsql|Azure|StackExchange|System\.Net\.Http|Shop\.Messaging|Shop\.ServiceDefaults(?!\.Text))(\.|$)";

    private const string OuterLayers = @"^Shop\.\w+\.(Data|Messages)(\.|$)";

    private static readonly ArchUnitNET.Domain.Architecture Modules = new ArchLoader()
        .LoadAssemblies(
            typeof(CatalogModule).Assembly,
            typeof(OrderingModule).Assembly,
            typeof(InventoryModule).Assembly,
            typeof(PaymentsModule).Assembly,
            typeof(UsersModule).Assembly,
            typeof(SearchModule).Assembly,
            typeof(BillingModule).Assembly,
            typeof(NotificationsModule).Assembly
        )
        .Build();

    [Fact]
    public void The_domain_knows_no_technology() => MustNotUse(@"^Shop\.\w+\.Domain(\.|$)", Technology).Check(Modules);

    [Fact]
    public void The_domain_knows_neither_its_storage_nor_its_messages() =>
        MustNotUse(@"^Shop\.\w+\.Domain(\.|$)", OuterLayers).Check(Modules);

    /// <summary>The rule sees what it is about: storage does use technology.</summary>
    [Fact]
    public void The_rule_would_notice() =>
        Assert.False(MustNotUse(@"^Shop\.\w+\.Data(\.|$)", Technology).HasNoViolations(Modules));

    private static TypesShouldConjunction MustNotUse(string namespaces, string forbidden) =>
        Types()
            .That()
            .ResideInNamespaceMatching(namespaces)
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(forbidden);
}
