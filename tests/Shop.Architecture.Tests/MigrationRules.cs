using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Shop.ServiceDefaults;

namespace Shop.Architecture.Tests;

/// <summary>
/// What a migration may do while the version before it still serves: <c>docs/migrations.md</c>. What one creates itself it may
/// change as it likes.
/// </summary>
internal static class MigrationRules
{
    /// <returns>A sentence for each operation that needs <see cref="ContractAttribute"/> and does not have it.</returns>
    public static IReadOnlyList<string> Broken(Type migration)
    {
        if (migration.GetCustomAttribute<ContractAttribute>() is { Reason.Length: > 0 })
            return [];
        var change = (Migration)Activator.CreateInstance(migration)!;
        change.ActiveProvider = "Npgsql.EntityFrameworkCore.PostgreSQL";
        var created = change.UpOperations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet();
        return [.. change.UpOperations.Select(operation => Describe(operation, created)).OfType<string>()];
    }

    private static string? Describe(MigrationOperation operation, HashSet<string> created) =>
        operation switch
        {
            ITableMigrationOperation { Table: var table } when created.Contains(table) => null,
            DropTableOperation drop => $"drops the table {drop.Name}",
            RenameTableOperation rename => $"renames the table {rename.Name}",
            DropColumnOperation drop => $"drops {drop.Table}.{drop.Name}",
            RenameColumnOperation rename => $"renames {rename.Table}.{rename.Name}",
            AlterColumnOperation alter => $"changes {alter.Table}.{alter.Name}",
            AddColumnOperation
            {
                IsNullable: false,
                DefaultValue: null,
                DefaultValueSql: null,
                ComputedColumnSql: null
            } add => $"adds {add.Table}.{add.Name}, which rows of the version before would lack",
            AddUniqueConstraintOperation add => $"makes {add.Table} refuse rows that it took before",
            AddCheckConstraintOperation add => $"makes {add.Table} refuse rows that it took before",
            AddForeignKeyOperation add => $"makes {add.Table} refuse rows that it took before",
            CreateIndexOperation { IsUnique: true } index => $"makes {index.Table} refuse rows that it took before",
            CreateIndexOperation index when index["Npgsql:CreatedConcurrently"] is not true =>
                $"builds the index {index.Name} while writes to {index.Table} wait: use IsCreatedConcurrently",
            _ => null,
        };
}
