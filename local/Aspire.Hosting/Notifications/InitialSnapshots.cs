using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

internal static class InitialSnapshots
{
    /// <summary>What is known about a resource before anything has happened to it.</summary>
    public static CustomResourceSnapshot Of(IResource resource)
    {
        resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var given);
        resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon);
        var snapshot = given?.InitialSnapshot ?? Default(resource);
        return snapshot with
        {
            CreationTimeStamp = snapshot.CreationTimeStamp ?? DateTime.UtcNow,
            HealthReports = HealthReportsOf(resource),
            Relationships = snapshot.Relationships.IsDefaultOrEmpty
                ? RelationshipsOf(resource)
                : snapshot.Relationships,
            Properties = WithParent(resource, snapshot.Properties),
            IconName = snapshot.IconName ?? icon?.IconName,
            IconVariant = snapshot.IconVariant ?? icon?.IconVariant,
            IsHidden = snapshot.IsHidden || resource.HasAnnotationOfType<HiddenAnnotation>(),
        };
    }

    private static CustomResourceSnapshot Default(IResource resource) =>
        new()
        {
            ResourceType = resource switch
            {
                ProjectResource => "Project",
                ExecutableResource => "Executable",
                ParameterResource => "Parameter",
                _ => TypeName(resource),
            },
            Properties = [],
        };

    private static string TypeName(IResource resource)
    {
        const string suffix = "Resource";
        var name = resource.GetType().Name;
        return name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length
            ? name[..^suffix.Length]
            : name;
    }

    // A child such as a database is as healthy as the server it lives in.
    private static ImmutableArray<HealthReportSnapshot> HealthReportsOf(IResource resource) =>
        [.. HealthCheckKeys(resource).Distinct().Select(key => new HealthReportSnapshot(key, null, null, null))];

    internal static IEnumerable<string> HealthCheckKeys(IResource? resource) =>
        resource is null
            ? []
            : resource
                .Annotations.OfType<HealthCheckAnnotation>()
                .Select(annotation => annotation.Key)
                .Concat(HealthCheckKeys((resource as IResourceWithParent)?.Parent));

    private static ImmutableArray<RelationshipSnapshot> RelationshipsOf(IResource resource)
    {
        var relations = resource
            .Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(relation => new RelationshipSnapshot(relation.Resource.Name, relation.Type));
        if (resource is IResourceWithParent { Parent: var parent })
        {
            relations = relations.Append(new RelationshipSnapshot(parent.Name, KnownRelationshipTypes.Parent));
        }

        return [.. relations.Distinct()];
    }

    private static ImmutableArray<ResourcePropertySnapshot> WithParent(
        IResource resource,
        ImmutableArray<ResourcePropertySnapshot> properties
    )
    {
        var known = properties.IsDefault ? [] : properties;
        var parent =
            (resource as IResourceWithParent)?.Parent
            ?? resource
                .Annotations.OfType<ResourceRelationshipAnnotation>()
                .LastOrDefault(relation => relation.Type == KnownRelationshipTypes.Parent)
                ?.Resource;
        return parent is null ? known : known.Set("resource.parentName", ResourceInstances.NamesOf(parent)[0]);
    }
}

internal static class PropertyExtensions
{
    /// <summary>The facts with one added or replaced.</summary>
    public static ImmutableArray<ResourcePropertySnapshot> Set(
        this ImmutableArray<ResourcePropertySnapshot> properties,
        string name,
        object? value,
        bool isSensitive = false
    )
    {
        var fact = new ResourcePropertySnapshot(name, value) { IsSensitive = isSensitive };
        for (var i = 0; i < properties.Length; i++)
        {
            if (properties[i].Name == name)
            {
                return properties.SetItem(i, fact);
            }
        }

        return properties.Add(fact);
    }
}
