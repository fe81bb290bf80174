using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>Service Bus' management over HTTP, which the SDKs' administration clients speak.</summary>
internal sealed partial class ManagementApi(EntityManager manager, SharedAccessKey key, TimeProvider time)
{
    private const int MostOfAPage = 1000;

    /// <summary>Every request of an administration client names the version it speaks.</summary>
    public static bool IsRequest(HttpContext context) => context.Request.Query.ContainsKey("api-version");

    public async Task HandleAsync(HttpContext context)
    {
        var (status, body) = await AnswerAsync(context);
        context.Response.StatusCode = status;
        context.Response.ContentType =
            status < 400 ? $"application/atom+xml;type={body?.Name.LocalName};charset=utf-8" : "application/xml";
        if (body is not null)
        {
            await context.Response.WriteAsync(
                body.ToString(SaveOptions.DisableFormatting),
                Encoding.UTF8,
                context.RequestAborted
            );
        }
    }

    private async Task<(int Status, XElement? Body)> AnswerAsync(HttpContext context)
    {
        try
        {
            // A slash within a name may come encoded.
            var path = context.Request.Path.Value!.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Trim('/');
            Authorize(context.Request, path);
            var request = new ManagementRequest(context, path);
            return RulePath().Match(path) is { Success: true } rule ? await AnswerAboutRulesAsync(request, rule)
                : path.Equals("$namespaceinfo", StringComparison.OrdinalIgnoreCase) ? (200, NamespaceEntry(request))
                : EntitiesOf(path) is { } entities ? (200, Page(request, entities, Entry))
                : await AnswerAboutEntityAsync(request);
        }
        catch (ManagementException exception)
        {
            return (exception.Status, Atom.Error(exception.Status, Detail(exception.Status, exception.Message)));
        }
        catch (XmlException exception)
        {
            return (400, Atom.Error(400, Detail(400, $"The body is no XML: {exception.Message}")));
        }
        catch (BadHttpRequestException exception)
        {
            return (exception.StatusCode, Atom.Error(exception.StatusCode, exception.Message));
        }
    }

    private void Authorize(HttpRequest request, string path)
    {
        if (request.Headers.Authorization.ToString() is not { Length: > 0 } token)
        {
            throw new ManagementException(
                401,
                "SubCode=40102. The Authorization header is missing: put a SharedAccessSignature into it."
            );
        }

        var claim = SharedAccessSignature.Verify(token, key, time.GetUtcNow());
        if (claim.Refusal is { } refusal)
        {
            throw new ManagementException(401, $"SubCode=40103. {refusal}");
        }

        if (!claim.Covers(path))
        {
            throw new ManagementException(
                401,
                $"SubCode=40104. The token is for '{claim.Path}', which '{path}' is not below."
            );
        }
    }

    /// <summary>What a path lists; null for the path of one entity.</summary>
    private IEnumerable<Entity>? EntitiesOf(string path)
    {
        if (path.Equals("$Resources/queues", StringComparison.OrdinalIgnoreCase))
        {
            return manager.Topology.Entities.OfType<QueueEntity>();
        }

        if (path.Equals("$Resources/topics", StringComparison.OrdinalIgnoreCase))
        {
            return manager.Topology.Entities.OfType<TopicEntity>();
        }

        return SubscriptionsPath().Match(path) is not { Success: true } match ? null
            : manager.Topology.Find(match.Groups["topic"].Value) is TopicEntity topic ? topic.Subscriptions
            : throw NotFound(match.Groups["topic"].Value);
    }

    private async Task<(int Status, XElement? Body)> AnswerAboutEntityAsync(ManagementRequest request)
    {
        switch (request.Method)
        {
            case "GET":
                return (200, Entry(request, Existing(request.Path)));
            case "PUT":
                var entry = await request.BodyAsync();
                return request.IsUpdate
                    ? (200, await UpdateAsync(request, entry))
                    : (201, await CreateAsync(request, entry));
            case "DELETE":
                await Done(done => manager.Delete(Existing(request.Path).Name, done));
                return (200, null);
            default:
                throw WrongMethod(request);
        }
    }

    private async Task<XElement> CreateAsync(ManagementRequest request, XElement entry)
    {
        var (kind, name) = NewEntity(request.Path, entry);
        var description = Atom.Description(entry, AtomEntity.ElementOf(kind));
        var definition = AtomEntity.Read(kind, name, description);
        var rule = description.Element(Atom.ServiceBus + "DefaultRuleDescription") is { } first
            ? AtomRule.Read(RuleNameIn(first) ?? Rule.Default.Name, first)
            : Rule.Default;
        CheckRuleName(rule.Name);
        await Done(done => manager.Create(definition, rule, done));
        return Entry(request, Existing(name));
    }

    private async Task<XElement> UpdateAsync(ManagementRequest request, XElement entry)
    {
        var known = Existing(request.Path);
        var kind = known.Definition.Kind;
        var description = Atom.Description(entry, AtomEntity.ElementOf(kind));
        await Done(done => manager.Update(AtomEntity.Read(kind, known.Name, description), done));
        return Entry(request, Existing(known.Name));
    }

    private static (EntityKind Kind, string Name) NewEntity(string path, XElement entry)
    {
        bool Describes(EntityKind kind) =>
            entry.Element(Atom.Namespace + "content")?.Element(Atom.ServiceBus + AtomEntity.ElementOf(kind))
                is not null;
        var kind =
            Describes(EntityKind.Queue) ? EntityKind.Queue
            : Describes(EntityKind.Topic) ? EntityKind.Topic
            : EntityKind.Subscription;
        if (kind != EntityKind.Subscription)
        {
            return
                EntityName.IsValid(path) && !$"/{path}/".Contains("/subscriptions/", StringComparison.OrdinalIgnoreCase)
                ? (kind, path)
                : throw ManagementException.Invalid(
                    $"'{path}' is no entity name: {EntityName.Rule}, and no part 'subscriptions'."
                );
        }

        var match = SubscriptionPath().Match(path);
        if (!match.Success)
        {
            throw ManagementException.Invalid(
                $"The body must describe the queue or topic '{path}': an Atom entry whose content is a QueueDescription or a TopicDescription."
            );
        }

        var (topic, subscription) = (match.Groups["topic"].Value, match.Groups["subscription"].Value);
        return EntityName.IsValidSubscription(subscription)
            ? (kind, EntityDefinition.SubscriptionName(topic, subscription))
            : throw ManagementException.Invalid($"'{subscription}' is no subscription name: {EntityName.PartRule}.");
    }

    private async Task<(int Status, XElement? Body)> AnswerAboutRulesAsync(ManagementRequest request, Match path)
    {
        var address = EntityDefinition.SubscriptionName(path.Groups["topic"].Value, path.Groups["subscription"].Value);
        var rules = (Existing(address) as SubscriptionEntity ?? throw NotFound(address)).Rules;
        if (!path.Groups["rule"].Success)
        {
            return request.Method == "GET" ? (200, RulePage(request, rules.All)) : throw WrongMethod(request);
        }

        var name = path.Groups["rule"].Value;
        switch (request.Method)
        {
            case "GET":
                return (200, Entry(request, ExistingRule(rules, name, request.Path)));
            case "PUT":
                CheckRuleName(name);
                var description = Atom.Description(await request.BodyAsync(), AtomRule.Element);
                var rule = AtomRule.Read(name, description) with { CreatedAt = time.GetUtcNow() };
                await Done(done =>
                {
                    if (request.IsUpdate)
                    {
                        rules.Replace(rule, done);
                    }
                    else
                    {
                        rules.Add(rule, done);
                    }
                });
                return (request.IsUpdate ? 200 : 201, Entry(request, ExistingRule(rules, name, request.Path)));
            case "DELETE":
                await Done(done => rules.Remove(name, done));
                return (200, null);
            default:
                throw WrongMethod(request);
        }
    }

    private static Rule ExistingRule(RuleSet rules, string name, string path) =>
        rules.All.FirstOrDefault(rule => rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw NotFound(path);

    private static void CheckRuleName(string name)
    {
        if (!EntityName.IsValidRule(name))
        {
            throw ManagementException.Invalid($"'{name}' is no rule name: {EntityName.PartRule}.");
        }
    }

    private static string? RuleNameIn(XElement description) =>
        description.Element(Atom.ServiceBus + "Name")?.Value is { Length: > 0 } name ? name : null;

    private XElement NamespaceEntry(ManagementRequest request)
    {
        var started = Atom.Moment(manager.Topology.StartedAt);
        var description = new XElement(
            Atom.ServiceBus + "NamespaceInfo",
            new XElement(Atom.ServiceBus + "CreatedTime", started),
            new XElement(Atom.ServiceBus + "MessagingSKU", "Standard"),
            new XElement(Atom.ServiceBus + "ModifiedTime", started),
            new XElement(Atom.ServiceBus + "Name", manager.Topology.Name),
            new XElement(Atom.ServiceBus + "NamespaceType", "Messaging")
        );
        return Atom.Entry(manager.Topology.Name, request.Address, description);
    }

    private XElement Entry(ManagementRequest request, Entity entity) =>
        Atom.Entry(
            entity.Definition.OwnName,
            request.AddressOf(entity.Name),
            AtomEntity.Write(manager.Topology, entity, request.Host)
        );

    private static XElement Entry(ManagementRequest request, Rule rule) =>
        Atom.Entry(rule.Name, request.Address, AtomRule.Write(rule));

    private static XElement Page(
        ManagementRequest request,
        IEnumerable<Entity> entities,
        Func<ManagementRequest, Entity, XElement> entry
    )
    {
        var page = entities
            .OrderBy(entity => entity.Name, StringComparer.OrdinalIgnoreCase)
            .Skip(request.Number("$skip", 0, int.MaxValue))
            .Take(request.Number("$top", MostOfAPage, MostOfAPage))
            .Select(entity => entry(request, entity));
        return request.Method == "GET" ? Atom.Feed(request.Path, request.Address, page) : throw WrongMethod(request);
    }

    private static XElement RulePage(ManagementRequest request, IReadOnlyList<Rule> rules) =>
        Atom.Feed(
            request.Path,
            request.Address,
            rules
                .Skip(request.Number("$skip", 0, int.MaxValue))
                .Take(request.Number("$top", MostOfAPage, MostOfAPage))
                .Select(rule => Entry(request, rule))
        );

    private Entity Existing(string name) =>
        manager.Topology.Find(name) is { } entity and not DeadLetterEntity ? entity : throw NotFound(name);

    /// <summary>Waits until a change is durable.</summary>
    private static async Task Done(Action<Outcome> change)
    {
        var answered = new TaskCompletionSource<BrokerError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        change(answered.SetResult);
        if (await answered.Task is { } error)
        {
            throw new ManagementException(AmqpErrors.StatusCode(error.Kind), error.Description);
        }
    }

    private static ManagementException NotFound(string entity) => new(404, BrokerError.NotFound(entity).Description);

    private static ManagementException WrongMethod(ManagementRequest request) =>
        new(405, $"{request.Method} is not possible on '{request.Path}'.");

    /// <summary>Service Bus' finer codes, which some clients look for in the text.</summary>
    private static string Detail(int status, string message) =>
        status is 400 or 404 or 409
            ? string.Create(CultureInfo.InvariantCulture, $"SubCode={status}00. {message}")
            : message;

    [GeneratedRegex("^(?<topic>.+?)/subscriptions$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SubscriptionsPath();

    [GeneratedRegex(
        "^(?<topic>.+?)/subscriptions/(?<subscription>[^/]+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SubscriptionPath();

    [GeneratedRegex(
        "^(?<topic>.+?)/subscriptions/(?<subscription>[^/]+)/rules(/(?<rule>[^/]+))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex RulePath();
}
