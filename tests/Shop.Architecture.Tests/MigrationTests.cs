using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.ServiceDefaults;

namespace Shop.Architecture.Tests;

public sealed class MigrationTests
{
    public static TheoryData<Type> Contexts =>
        new(
            ModuleTests
                .Modules.SelectMany(row => row.Data.Assembly.GetTypes())
                .Where(type => type.IsSubclassOf(typeof(DbContext)))
        );

    [Theory]
    [MemberData(nameof(Contexts))]
    public void A_contexts_migrations_make_the_database_that_its_model_needs(Type context)
    {
        // The comparison is with the snapshot in the assembly. It needs no database.
        var builder = (DbContextOptionsBuilder)
            Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(context))!;
        builder.UseNpgsql().UseSnakeCaseNamingConvention();
        using var db = (DbContext)Activator.CreateInstance(context, builder.Options)!;

        Assert.False(
            db.Database.HasPendingModelChanges(),
            $"The model of {context.Name} has changed since its last migration: run 'dotnet ef migrations add'."
        );
    }

    [Fact]
    public void A_migration_only_adds_unless_it_says_why_it_may_take_away()
    {
        var migrations = ModuleTests
            .Modules.SelectMany(row => row.Data.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Migration)))
            .ToList();

        Assert.True(migrations.Count >= ModuleTests.Modules.Count);
        Assert.All(
            migrations,
            migration =>
            {
                var broken = MigrationRules.Broken(migration);
                Assert.True(
                    broken.Count == 0,
                    $"{migration.FullName} {string.Join(", ", broken)}. The version before it still serves: see docs/migrations.md."
                );
            }
        );
    }

    [Theory]
    [InlineData(
        typeof(Takes),
        "drops the table carts",
        "drops orders.note",
        "renames orders.total",
        "changes orders.status"
    )]
    [InlineData(
        typeof(Refuses),
        "adds orders.channel, which rows of the version before would lack",
        "makes orders refuse rows that it took before",
        "builds the index ix_orders_status while writes to orders wait: use IsCreatedConcurrently"
    )]
    [InlineData(typeof(Adds))]
    [InlineData(typeof(TakesWithReason))]
    public void What_would_break_the_version_before_is_found(Type migration, params string[] expected) =>
        Assert.Equal(expected, MigrationRules.Broken(migration));

    private class Takes : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable("carts");
            migrationBuilder.DropColumn("note", "orders");
            migrationBuilder.RenameColumn("total", "orders", "amount");
            migrationBuilder.AlterColumn<int>("status", "orders");
        }
    }

    [Contract("No version since the one that stopped reading carts uses any of it.")]
    private sealed class TakesWithReason : Takes;

    private sealed class Refuses : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>("channel", "orders", nullable: false);
            migrationBuilder.AddCheckConstraint("positive", "orders", "total > 0");
            migrationBuilder.CreateIndex("ix_orders_status", "orders", "status");
        }
    }

    private sealed class Adds : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>("channel", "orders", nullable: true);
            migrationBuilder.AddColumn<int>("weight", "orders", nullable: false, defaultValue: 0);
            migrationBuilder.CreateTable("parcels", table => new { Id = table.Column<int>() });
            migrationBuilder.CreateIndex("ix_parcels_id", "parcels", "id", unique: true);
            migrationBuilder.DropIndex("ix_orders_old", "orders");
        }
    }

    [Fact]
    public void Every_module_has_a_context() =>
        Assert.Equal(
            ModuleTests.Modules.Select(row => row.Data.Assembly).ToHashSet(),
            Contexts.Select(row => row.Data.Assembly).ToHashSet()
        );
}
