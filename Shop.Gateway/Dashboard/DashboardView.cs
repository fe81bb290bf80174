using Shop.Gateway.Composition;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Dashboard;

/// <summary>What a customer sees first, in one answer.</summary>
/// <param name="Profile">The caller's account; null when there is none, or the part is unavailable.</param>
/// <param name="Orders">The latest orders.</param>
/// <param name="Invoices">The latest invoices that are not paid.</param>
/// <param name="Notifications">The latest messages.</param>
/// <param name="Unavailable">The parts (profile, orders, invoices, notifications) that could not be had now; they are null.</param>
internal sealed record DashboardView(
    Profile? Profile,
    Page<Order>? Orders,
    Page<Invoice>? Invoices,
    Page<Notification>? Notifications,
    IReadOnlyList<string> Unavailable
);
