using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Shop.Storefront.Components;

namespace Shop.Storefront.Tests.Staff;

public sealed class StaffPageTests
{
    private static readonly string[] s_forAdmins =
    [
        "/staff/products",
        "/staff/products/new",
        "/staff/products/{Id:guid}",
        "/staff/users",
        "/staff/users/{Id:guid}",
    ];

    public static TheoryData<string, Type> Pages =>
        [
            .. typeof(App)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetCustomAttributes<RouteAttribute>(), (type, route) => (route.Template, type))
                .Where(page => page.Template.StartsWith("/staff", StringComparison.OrdinalIgnoreCase))
                .Select(page => new TheoryDataRow<string, Type>(page.Template, page.type)),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_for_staff_asks_for_their_role(string template, Type page)
    {
        var roles = page.GetCustomAttributes<AuthorizeAttribute>().Select(rule => rule.Roles).ToList();

        Assert.Contains("operator,admin", roles);
        Assert.Equal(s_forAdmins.Contains(template), roles.Contains("admin"));
    }

    [Fact]
    public void There_are_pages_for_staff() => Assert.True(Pages.Count >= 14, $"Only {Pages.Count} pages are found.");
}
