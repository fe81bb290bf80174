using Shop.Inventory;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Messages;
using Shop.Inventory.Reservations;
using Shop.Messaging;
using Shop.Simulation.Tests.Histories;

namespace Shop.Simulation.Tests.World;

/// <summary>
/// Inventory: the real reservations and replies over stock that is kept here. Its transactions take turns, as the advisory lock
/// has them do in the product.
/// </summary>
internal sealed class InventoryNode : Node
{
    private static readonly InventoryOptions Options = new();

    private readonly Outbox<InventoryDbContext> _outbox;

    public InventoryNode(
        Module<InventoryDbContext> module,
        SimulatedClock time,
        Flaw flaw,
        IEnumerable<StockLevel> initial
    )
        : base(module.Messaging, module.Buffer, time, flaw)
    {
        _outbox = new Outbox<InventoryDbContext>(module.Buffer, module.Messaging, time);
        Initial = initial.ToDictionary(level => level.ProductId);
        Levels = Initial.Values;
    }

    /// <summary>The stock at the beginning.</summary>
    public Dictionary<Guid, StockLevel> Initial { get; }

    /// <summary>The stock as it is committed.</summary>
    public IReadOnlyCollection<StockLevel> Levels { get; private set; }

    /// <summary>The reservations as they are committed.</summary>
    public IEnumerable<Reservation> Reservations => Table.Select(row => (Reservation)row.Value);

    /// <summary>A reservation that has expired, if there is any.</summary>
    public Row? Expired =>
        Table.Find(row =>
            row.Value is Reservation { Status: ReservationStatus.Reserved } reservation && reservation.ExpiresAt <= Now
        );

    /// <summary>What <see cref="ReservationExpiry"/> does.</summary>
    public Transaction Expire(Guid order) =>
        Begin(
            "expire a reservation",
            transaction =>
            {
                var reservation = Load<Reservation>(transaction, order)!;
                Done(Desk(transaction).ExpireAsync(reservation));
                _outbox.AddReply(reservation);
            }
        );

    public override bool Simulates(Type handler) =>
        handler == typeof(ReserveStockHandler)
        || handler == typeof(CommitStockHandler)
        || handler == typeof(ReleaseStockHandler);

    public override bool IsLocked(QueuedMessage message) => Open.Count > 0;

    protected override void Handle(Transaction transaction, IReadOnlyList<object> messages)
    {
        switch (messages[0])
        {
            case ReserveStock:
                Reserve(transaction, [.. messages.Cast<ReserveStock>()]);
                break;
            case CommitStock:
                Commit(transaction, [.. messages.Cast<CommitStock>()]);
                break;
            case ReleaseStock:
                foreach (var message in messages.Cast<ReleaseStock>())
                {
                    Done(Desk(transaction).ReleaseAsync(LoadOrAdd(transaction, message.OrderId), message.Reason ?? ""));
                    _outbox.Add(new StockReleased(message.OrderId), message.OrderId.ToString());
                }
                break;
            default:
                throw new InvalidOperationException($"{messages[0].GetType().Name} is not simulated.");
        }
    }

    protected override object Copy(object value) => Copies.Of((Reservation)value);

    protected override void Committed(Transaction transaction) => Levels = transaction.Levels ?? Levels;

    private void Reserve(Transaction transaction, List<ReserveStock> commands)
    {
        var wanted = commands
            .Select(command => (Reservation: LoadOrAdd(transaction, command.OrderId), Items: command.Quantities()))
            .DistinctBy(command => command.Reservation.OrderId)
            .ToList();
        Done(Desk(transaction).ReserveAsync(wanted, Options.ReservationLifetime));
        commands.ForEach(command => _outbox.AddReserveReply(LoadOrAdd(transaction, command.OrderId)));
    }

    private void Commit(Transaction transaction, List<CommitStock> commands)
    {
        var reservations = commands
            .Select(command => command.OrderId)
            .Distinct()
            .Select(order =>
                Load<Reservation>(transaction, order)
                ?? throw new MessageRejectedException("UnknownOrder", $"Order {order} has no reservation to commit.")
            )
            .ToList();
        Done(Desk(transaction).CommitAsync(reservations, Options.ReservationLifetime));
        commands.ForEach(command => _outbox.AddReply(LoadOrAdd(transaction, command.OrderId)));
    }

    private Reservation LoadOrAdd(Transaction transaction, Guid order) =>
        Load<Reservation>(transaction, order) ?? Add(transaction, order, new Reservation(order, Now));

    private ReservationDesk Desk(Transaction transaction) =>
        new((move, bookings) => Book(transaction, move, bookings), Now);

    // What StockLedger's statement does: the moves one after the other, of each all items or none.
    private Task<IReadOnlyList<IReadOnlyList<Shortage>>> Book(
        Transaction transaction,
        StockMove move,
        IReadOnlyList<StockBooking> bookings
    )
    {
        var levels = new StockLevels(transaction.Levels ?? Levels);
        IReadOnlyList<IReadOnlyList<Shortage>> shortages =
        [
            .. bookings.Select(booking => levels.Move(move, booking.Items)),
        ];
        transaction.Levels = levels.All;
        return Task.FromResult(shortages);
    }

    // Nothing is waited for here.
    private static void Done(Task task) => task.GetAwaiter().GetResult();
}
