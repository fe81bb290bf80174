using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.Errors;

internal static class ProblemSetup
{
    /// <summary>Every error answer is problem details with the trace's and the correlation's id.</summary>
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>(); // the first that can is asked
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);
        services.AddExceptionHandler<BadRequestExceptionHandler>();
        services.AddExceptionHandler<DatabaseExceptionHandler>();
    }

    private static void Complete(ProblemDetailsContext context)
    {
        // What the framework answers by itself (no such route, no identity) refers to the RFC; it gets a type of the shop's.
        var problem = context.ProblemDetails;
        if (problem.Type is null || !problem.Type.StartsWith(Problems.TypeUri(""), StringComparison.Ordinal))
        {
            problem.Type = Problems.TypeUri(FrameworkProblem.Kind(problem.Status));
            problem.Detail ??= FrameworkProblem.WhatToDo(problem.Status);
        }

        if (CorrelationId.Of(context.HttpContext) is { } correlationId)
        {
            problem.Extensions["correlationId"] = correlationId;
        }
    }
}
