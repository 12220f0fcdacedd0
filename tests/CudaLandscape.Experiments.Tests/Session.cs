using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests;

/// <summary>The program called in this process: exit code and what it wrote to standard error.</summary>
internal sealed record Session(int Code, string Errors)
{
    public static Session Run(params string[] arguments)
    {
        TextWriter before = Console.Error;
        StringWriter errors = new();
        Console.SetError(errors);
        try
        {
            return new Session(Application.Run(arguments), errors.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
