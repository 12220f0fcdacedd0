namespace CudaLandscape.Landscape.Fitting;

/// <summary>Where <see cref="LevenbergMarquardt"/> ended.</summary>
/// <param name="Loss">Φ.</param>
/// <param name="GradientNorm">‖∇Φ‖ over all parameters.</param>
/// <param name="Steps">Steps taken.</param>
public readonly record struct LevenbergMarquardtResult(double Loss, double GradientNorm, int Steps);
