using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.SpinGlass;

/// <summary>Critical points of a spin glass by energy and index.</summary>
public static class EnergyIndexSurvey
{
    /// <summary>
    /// Critical points found from uniform points of the sphere: run i descends (i mod depths) · stride steps, which brings it to
    /// another height each time, and then minimises the norm of the gradient. Runs that do not converge are left out.
    /// </summary>
    /// <param name="glass">The spin glass.</param>
    /// <param name="runs">Number of runs.</param>
    /// <param name="depths">Number of heights.</param>
    /// <param name="stride">Steps of descent between heights.</param>
    /// <param name="stream">Run i draws from stream + i.</param>
    /// <param name="cancellation">Checked in every run.</param>
    public static IReadOnlyList<CriticalPoint> AnyIndex(
        SphericalSpinGlass glass, int runs, int depths, int stride, RandomStream stream, CancellationToken cancellation = default)
    {
        List<CriticalPoint> found = [];
        for (int i = 0; i < runs; i++)
        {
            using TensorScope scope = new();
            Objective objective = glass.Objective(glass.RandomPoint(stream with { Stream = stream.Stream + (ulong)i }));
            if (i % depths > 0) GradientDescent.Run(objective, maxSteps: i % depths * stride, cancellation: cancellation);
            if (GradientNormMinimizer.Run(objective, tolerance: 1e-10, cancellation: cancellation).Converged)
                found.Add(CriticalPoint.At(objective));
        }

        return found;
    }

    /// <summary>Where gradient descent from uniform points of the sphere ends.</summary>
    /// <param name="glass">The spin glass.</param>
    /// <param name="runs">Number of runs.</param>
    /// <param name="stream">Run i draws from stream + i.</param>
    /// <param name="cancellation">Checked in every run.</param>
    public static IReadOnlyList<CriticalPoint> Descents(
        SphericalSpinGlass glass, int runs, RandomStream stream, CancellationToken cancellation = default)
    {
        List<CriticalPoint> found = [];
        for (int i = 0; i < runs; i++)
        {
            using TensorScope scope = new();
            Objective objective = glass.Objective(glass.RandomPoint(stream with { Stream = stream.Stream + (ulong)i }));
            GradientDescent.Run(objective, 1e-5, cancellation: cancellation);
            GradientNormMinimizer.Run(objective, tolerance: 1e-10, cancellation: cancellation);
            found.Add(CriticalPoint.At(objective));
        }

        return found;
    }
}
