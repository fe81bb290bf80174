using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Shop.AppHost.Infrastructure;
using Shop.Messaging;

namespace Shop.Architecture.Tests;

/// <summary>What the contexts say that they publish, send and handle, beside the topology of the bus.</summary>
public sealed partial class MessageTests(ShopInOneProcess shop) : IClassFixture<ShopInOneProcess>
{
    private MessagingContext[] Contexts => [.. shop.Application.Services.GetServices<MessagingContext>()];

    [Fact]
    public void A_context_of_the_topology_is_a_module_with_messages() =>
        Assert.Equal(Topology.Contexts.Order(), Contexts.Select(context => context.Name).Order());

    [Fact]
    public void A_queue_gets_the_events_that_its_context_handles_and_no_others() =>
        Assert.All(
            Contexts,
            context =>
                Assert.Equal(
                    context.Subscriptions.Types.Except(CommandsTo(context.Name)).Order(),
                    Topology
                        .Subscriptions.Where(subscription => subscription.Listener == context.Name)
                        .SelectMany(subscription => subscription.Subjects)
                        .Order()
                )
        );

    [Fact]
    public void What_is_listened_to_is_published_by_that_context() =>
        Assert.All(
            Topology.Subscriptions,
            subscription =>
                Assert.Subset(
                    EventsOf(Contexts.Single(context => context.Name == subscription.Publisher)).ToHashSet(),
                    subscription.Subjects.ToHashSet()
                )
        );

    [Fact]
    public void A_command_is_handled_by_the_context_whose_queue_it_is_sent_to() =>
        Assert.All(
            Contexts,
            context => Assert.Superset(CommandsTo(context.Name).ToHashSet(), context.Subscriptions.Types.ToHashSet())
        );

    [Fact]
    public void The_type_of_a_message_names_its_context_and_its_version()
    {
        Assert.All(
            Contexts,
            context =>
                Assert.All(
                    EventsOf(context),
                    type => Assert.Matches(@$"^shop\.{context.Name}\.[a-z-]+\.v[1-9]\d*$", type)
                )
        );
        Assert.All(
            Topology.Contexts,
            name => Assert.All(CommandsTo(name), type => Assert.Matches(@$"^shop\.{name}\.[a-z-]+\.v[1-9]\d*$", type))
        );
    }

    [Fact]
    public void The_type_of_a_message_stands_in_one_place_of_a_module()
    {
        var types = Repository
            .ProductionSources()
            .Where(source => source.Path.StartsWith("services/", StringComparison.Ordinal))
            .SelectMany(source =>
                MessageType().Matches(source.Text).Select(match => $"{source.Path.Split('/')[1]}: {match.Value}")
            )
            .ToList();

        Assert.NotEmpty(types);
        Assert.Empty(types.GroupBy(type => type).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    /// <summary>Messaging calls the handlers that it knows, each within its inbox's transaction.</summary>
    [Fact]
    public void Every_handler_is_called_through_the_inbox()
    {
        var known = Contexts.SelectMany(context => context.Subscriptions.HandlerTypes).ToHashSet();

        var written = ModuleTests
            .Modules.SelectMany(row => row.Data.Assembly.GetTypes())
            .Where(type =>
                type is { IsInterface: false, IsAbstract: false, ContainsGenericParameters: false }
                && type.GetInterfaces()
                    .Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IMessageHandler<>))
            )
            .ToList();

        Assert.NotEmpty(written);
        Assert.Empty(written.Except(known));
        Assert.DoesNotContain(
            Repository.ProductionSources(),
            source =>
                !source.Path.StartsWith("Shop.Messaging/", StringComparison.Ordinal) && Receives().IsMatch(source.Text)
        );
    }

    private static IEnumerable<string> EventsOf(MessagingContext context) =>
        context
            .Routes.All.Where(route => route.Destination == Topology.TopicOf(context.Name))
            .Select(route => route.Type);

    private IEnumerable<string> CommandsTo(string queue) =>
        Contexts
            .SelectMany(context => context.Routes.All)
            .Where(route => route.Destination == queue)
            .Select(route => route.Type)
            .Distinct();

    [GeneratedRegex(@"shop\.[a-z]+\.[a-z-]+\.v\d+")]
    private static partial Regex MessageType();

    [GeneratedRegex(@"\bServiceBus(Session)?(Receiver|Processor)\b")]
    private static partial Regex Receives();
}
