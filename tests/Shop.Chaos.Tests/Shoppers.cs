using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.Chaos.Tests;

/// <summary>An order that the shop has accepted, and what else it has promised.</summary>
internal sealed class PlacedOrder(PlannedOrder plan, string id)
{
    public PlannedOrder Plan => plan;
    public string Id => id;
    public bool IsCancellationAccepted { get; set; }
    public bool IsShippingAccepted { get; set; }
    public bool IsRefundAccepted { get; set; }
}

/// <summary>
/// The customers and the operator. They do as the API tells a client to: a request that got no answer, or one that says that
/// something is down, is repeated with the same key.
/// </summary>
internal sealed class Shoppers
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    // Hundreds of clients without patience would be a harm of its own.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(3);

    private readonly Journal _journal;
    private readonly Person[] _customers;
    private readonly Person _operator;
    private readonly ConcurrentQueue<PlacedOrder> _placed = [];
    private readonly ConcurrentQueue<string> _surprises = [];
    private readonly ConcurrentDictionary<string, int> _troubles = [];

    public Shoppers(ChaosShop shop, Journal journal)
    {
        _journal = journal;
        _customers = [.. Enumerable.Range(0, ChaosPlan.Shoppers).Select(_ => new Person(shop.Http))];
        _operator = new Person(shop.Http, "operator");
    }

    public IReadOnlyCollection<PlacedOrder> Placed => _placed;

    /// <summary>Answers that no client should get, whatever fails.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>How many requests got no answer, or one that something is down; and why, with the most frequent reason first.</summary>
    public (int Count, string Reasons) Unanswered =>
        (
            _troubles.Values.Sum(),
            string.Join(
                ", ",
                _troubles.OrderByDescending(one => one.Value).Take(5).Select(one => $"{one.Value} x {one.Key}")
            )
        );

    /// <summary>Registers, or signs in.</summary>
    public Task ArriveAsync() =>
        Task.WhenAll(_customers.Append(_operator).Select(person => person.AuthorizationAsync()));

    public Task RunAsync(ChaosPlan plan) =>
        Task.WhenAll(plan.Orders.Select(OrderAsync).Concat(plan.Restocks.Select(RestockAsync)));

    /// <summary>Repeats every order with its key; each has to be the same one.</summary>
    /// <returns>Those that are not.</returns>
    public async Task<IReadOnlyList<string>> RepeatAsync()
    {
        var others = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            _placed,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 8,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (order, _) =>
            {
                if (await PlaceAsync(order.Plan) is var again && again != order.Id)
                    others.Enqueue($"{order.Plan.Key} was order {order.Id} and is {again} when it is repeated");
            }
        );
        return [.. others];
    }

    /// <summary>All dead letters, as the operator sees them.</summary>
    public async Task<IReadOnlyList<string>> DeadLettersAsync(IEnumerable<string> contexts)
    {
        var letters = new List<string>();
        foreach (var context in contexts)
        {
            var list = await _operator.GetAsync($"/api/operations/{context}/dead-letters?pageSize=100");
            letters.AddRange(
                list.GetProperty("items").EnumerateArray().Select(letter => $"a dead letter of {context}: {letter}")
            );
        }
        return letters;
    }

    private async Task OrderAsync(PlannedOrder plan)
    {
        await _journal.WaitUntilAsync(plan.At);
        if (await PlaceAsync(plan) is not { } id)
            return;
        var order = new PlacedOrder(plan, id);
        _placed.Enqueue(order);
        _journal.Note(plan.Key, $"is order {id}, {plan.Quantity} of {plan.Product[^2..]} with {plan.PaymentMethod}");
        var path = $"/api/orders/{id}";
        await Task.Delay(plan.Pause, TestContext.Current.CancellationToken);
        switch (plan.Then)
        {
            case Afterwards.CancelSoon:
                order.IsCancellationAccepted = await CustomerAsksAsync(plan, $"{path}/cancel");
                break;
            case Afterwards.CancelOnceConfirmed when await IsConfirmedAsync(plan, path):
                order.IsCancellationAccepted = await CustomerAsksAsync(plan, $"{path}/cancel");
                break;
            case Afterwards.Ship
            or Afterwards.ShipAndDeliver
            or Afterwards.ShipAndRefund when await IsConfirmedAsync(plan, path):
                order.IsShippingAccepted = await OperatorAsksAsync(plan, $"{path}/ship");
                if (plan.Then == Afterwards.ShipAndDeliver)
                    await OperatorAsksAsync(plan, $"{path}/deliver");
                if (plan.Then == Afterwards.ShipAndRefund && order.IsShippingAccepted)
                    order.IsRefundAccepted = await RefundAsync(order);
                break;
        }
    }

    /// <summary>Null when it was refused for good, which is a surprise.</summary>
    private async Task<string?> PlaceAsync(PlannedOrder plan)
    {
        var (status, body) = await AskAsync(
            _customers[plan.Shopper],
            HttpMethod.Post,
            "/api/orders",
            plan.Key,
            () => JsonContent.Create(ShopClient.OrderBody(plan.Product, plan.Quantity, plan.PaymentMethod)),
            plan.Key
        );
        if (status == HttpStatusCode.Created)
            return body.GetProperty("id").GetString();
        Surprise(plan.Key, $"POST /api/orders answered {(int)status}: {body}");
        return null;
    }

    private async Task RestockAsync(PlannedRestock plan)
    {
        await _journal.WaitUntilAsync(plan.At);
        var (status, body) = await AskAsync(
            _operator,
            HttpMethod.Post,
            $"/api/inventory/{plan.Product}/restock",
            plan.Key,
            () => JsonContent.Create(new { quantity = plan.Quantity }),
            plan.Key
        );
        if (status != HttpStatusCode.OK)
            Surprise(plan.Key, $"the restock answered {(int)status}: {body}");
    }

    private Task<bool> CustomerAsksAsync(PlannedOrder plan, string path) =>
        IsAcceptedAsync(_customers[plan.Shopper], plan, path);

    private Task<bool> OperatorAsksAsync(PlannedOrder plan, string path) => IsAcceptedAsync(_operator, plan, path);

    // 409 is an answer, too: somebody else was first, or it was the first try whose answer got lost.
    private async Task<bool> IsAcceptedAsync(Person person, PlannedOrder plan, string path)
    {
        var (status, body) = await AskAsync(person, HttpMethod.Post, path, plan.Key);
        _journal.Note(plan.Key, $"{path.Split('/')[^1]}: {(int)status}");
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict))
            Surprise(plan.Key, $"POST {path} answered {(int)status}: {body}");
        return status is HttpStatusCode.OK or HttpStatusCode.Accepted;
    }

    private async Task<bool> IsConfirmedAsync(PlannedOrder plan, string path)
    {
        var begin = _journal.Elapsed;
        while (true)
        {
            var (_, body) = await AskAsync(_customers[plan.Shopper], HttpMethod.Get, path, plan.Key);
            var status = body.TryGetProperty("status", out var found) ? found.GetString() : null;
            if (status is not (null or "Pending"))
                return status == "Confirmed";
            if (_journal.Elapsed - begin > s_endLimit)
            {
                Surprise(plan.Key, $"the order has not ended after {s_endLimit.TotalSeconds} s: {body}");
                return false;
            }
            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }
    }

    // Payments refuses until it has heard of the shipping.
    private async Task<bool> RefundAsync(PlacedOrder order)
    {
        var begin = _journal.Elapsed;
        var (_, list) = await AskAsync(_operator, HttpMethod.Get, $"/api/payments?orderId={order.Id}", order.Plan.Key);
        var payment = list.GetProperty("items")[0].GetProperty("id").GetString();
        while (!await OperatorAsksAsync(order.Plan, $"/api/payments/{payment}/refund"))
        {
            if (_journal.Elapsed - begin > s_endLimit)
            {
                Surprise(order.Plan.Key, $"the refund is refused after {s_endLimit.TotalSeconds} s");
                return false;
            }
            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }
        return true;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        Person person,
        HttpMethod method,
        string path,
        string about,
        Func<HttpContent>? content = null,
        string? key = null
    )
    {
        var begin = _journal.Elapsed;
        var pause = s_pause;
        while (true)
        {
            string trouble;
            try
            {
                using var response = await person.SendAsync(method, path, content?.Invoke(), key);
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (response.StatusCode < HttpStatusCode.InternalServerError)
                    return (response.StatusCode, Parse(text));
                if (response.StatusCode == HttpStatusCode.InternalServerError)
                    Surprise(about, $"{method} {path} answered 500: {text}");
                trouble = $"{(int)response.StatusCode}";
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException or OperationCanceledException
                    && !TestContext.Current.CancellationToken.IsCancellationRequested
                )
            {
                trouble = exception.Message;
            }

            _troubles.AddOrUpdate(trouble, 1, (_, count) => count + 1);
            _journal.Note(about, $"{method} {path} got no answer ({trouble})");
            if (_journal.Elapsed - begin > s_answerLimit)
                throw new TimeoutException(
                    $"{about}: {method} {path} got no answer for {s_answerLimit.TotalSeconds} s."
                );
            await Task.Delay(pause, TestContext.Current.CancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private void Surprise(string about, string what)
    {
        _journal.Note(about, what);
        _surprises.Enqueue($"{about}: {what}");
    }

    private static JsonElement Parse(string text) =>
        text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
}
