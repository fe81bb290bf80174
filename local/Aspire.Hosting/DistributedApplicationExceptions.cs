namespace Aspire.Hosting;

/// <summary>The application cannot be described, started or run; the message says why.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DistributedApplicationException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public DistributedApplicationException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">Why.</param>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner) { }
}

/// <summary>A parameter has no value.</summary>
public class MissingParameterValueException : DistributedApplicationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which, and where it is looked for.</param>
    public MissingParameterValueException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which, and where it is looked for.</param>
    /// <param name="innerException">Why.</param>
    public MissingParameterValueException(string message, Exception innerException)
        : base(message, innerException) { }
}
