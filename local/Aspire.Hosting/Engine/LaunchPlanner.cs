using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Works out what is started for a resource, from what was said about it.</summary>
internal sealed class LaunchPlanner(DistributedApplicationExecutionContext context)
{
    public async Task<Launch> Plan(IResource resource, ILogger log, CancellationToken cancellationToken)
    {
        var (program, folder, before) = Programs.Of(resource);
        var own = await Arguments(resource, log, cancellationToken);
        if (own.Count == 0 && ProfileArguments(resource) is { } given)
        {
            own = [.. CommandLine.Split(given).Select(text => new LaunchArgument(text, false))];
        }

        return new Launch(
            Programs.Find(resource, program, folder),
            folder,
            [.. before.Select(text => new LaunchArgument(text, false)), .. own],
            before.Count,
            await Variables(resource, log, cancellationToken)
        );
    }

    private static string? ProfileArguments(IResource resource) =>
        resource.TryGetLastAnnotation<EffectiveLaunchProfileAnnotation>(out var profile)
            ? profile.Profile.CommandLineArgs
            : null;

    private async Task<List<LaunchArgument>> Arguments(
        IResource resource,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var callbackContext = new CommandLineArgsCallbackContext([], resource, cancellationToken)
        {
            ExecutionContext = context,
            Logger = log,
        };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(callbackContext);
        }

        var arguments = new List<LaunchArgument>();
        foreach (var argument in callbackContext.Args)
        {
            if (await Resolve(resource, argument, cancellationToken) is { } value)
            {
                arguments.Add(new LaunchArgument(value, argument is ParameterResource { Secret: true }));
            }
        }

        return arguments;
    }

    private async Task<List<DcpVariable>> Variables(
        IResource resource,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        var callbackContext = new EnvironmentCallbackContext(context, resource, cancellationToken: cancellationToken)
        {
            Logger = log,
        };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
        {
            await annotation.Callback(callbackContext);
        }

        var variables = new List<DcpVariable>();
        foreach (var (name, value) in callbackContext.EnvironmentVariables)
        {
            if (await Resolve(resource, value, cancellationToken) is { } text)
            {
                variables.Add(new DcpVariable(name, text));
            }
        }

        return variables;
    }

    private async Task<string?> Resolve(IResource resource, object? value, CancellationToken cancellationToken) =>
        value switch
        {
            null => null,
            string text => text,
            IValueProvider provider => await provider.GetValueAsync(
                new ValueProviderContext
                {
                    ExecutionContext = context,
                    Caller = resource,
                    Network = KnownNetworkIdentifiers.LocalhostNetwork,
                },
                cancellationToken
            ),
            IResourceBuilder<IResource> builder => await Resolve(resource, builder.Resource, cancellationToken),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new DistributedApplicationException(
                $"Resource '{resource.Name}' has a value of type {value.GetType()}, which cannot be turned into text."
            ),
        };
}
