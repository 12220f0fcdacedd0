namespace CudaLandscape.Experiments.Cli;

/// <summary>The data set has fewer samples than were asked for.</summary>
/// <param name="asked">What asked for them, such as "--n 70000".</param>
/// <param name="inner">Which set has how many; the name of its parameter, which no user knows, is left out.</param>
internal sealed class TooFewSamplesException(string asked, ArgumentOutOfRangeException inner)
    : Exception($"{asked}: {inner.Message.Split(" (Parameter ")[0]}", inner);
