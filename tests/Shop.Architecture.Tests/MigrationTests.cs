using Microsoft.EntityFrameworkCore;

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
    public void Every_module_has_a_context() =>
        Assert.Equal(
            ModuleTests.Modules.Select(row => row.Data.Assembly).ToHashSet(),
            Contexts.Select(row => row.Data.Assembly).ToHashSet()
        );
}
