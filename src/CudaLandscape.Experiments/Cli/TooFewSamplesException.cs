namespace CudaLandscape.Experiments.Cli;

/// <summary>The data set has fewer samples than were asked for.</summary>
internal sealed class TooFewSamplesException(string message, Exception inner) : Exception(message, inner);
