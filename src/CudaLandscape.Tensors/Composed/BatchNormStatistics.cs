namespace CudaLandscape.Tensors.Ops;

/// <summary>What a batch normalisation in training measured of its batch, without a gradient path.</summary>
/// <param name="Mean">Mean of every channel, [C].</param>
/// <param name="UnbiasedVariance">Variance of every channel with the divisor n - 1, [C]; what running statistics follow.</param>
public sealed record BatchNormStatistics(Tensor Mean, Tensor UnbiasedVariance);
