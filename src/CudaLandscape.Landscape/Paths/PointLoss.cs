namespace CudaLandscape.Landscape.Paths;

/// <summary>What a classifier does on a data set at one point of its parameter space.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Errors">Samples whose largest output is not their label's.</param>
public readonly record struct PointLoss(double Loss, int Errors);
