namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>Where a search for a critical point ended.</summary>
/// <param name="Converged">Whether ‖g‖ fell below the tolerance.</param>
/// <param name="Steps">Steps tried.</param>
/// <param name="Value">Φ at the end.</param>
/// <param name="GradientNorm">‖g‖ at the end.</param>
public readonly record struct SearchReport(bool Converged, int Steps, double Value, double GradientNorm);
