using System.Globalization;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Surfaces;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>The directions of a surface, made anew at every start from the settings.</summary>
/// <param name="Tensors">One or two, in the caller's scope.</param>
/// <param name="Descriptions">What each is, for axes and page.</param>
internal sealed record SurfaceDirections(IReadOnlyList<Tensor> Tensors, IReadOnlyList<string> Descriptions)
{
    // Far from the streams of parameters.
    private const ulong FirstStream = 1UL << 44;

    /// <summary>Makes them.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="model">The model at the origin.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="samples">What the Hessian is of.</param>
    /// <param name="other">The parameters of a checkpoint.</param>
    /// <param name="cancellation">Checked before every product with the Hessian.</param>
    public static SurfaceDirections Create(
        SurfaceSettings settings, GraphModel model, ParameterSlab parameters, DeviceSamples samples, Func<string, Tensor> other, CancellationToken cancellation)
    {
        int[] axes = [.. Enumerable.Range(0, settings.Dimensions)];
        return settings.Directions switch
        {
            DirectionKind.Random => new(
                [.. axes.Select(i => Directions.FilterNormalised(parameters, new RandomStream(settings.Seed, FirstStream + (ulong)i * (1 << 20))))],
                [.. axes.Select(i => "random direction, filter-normalised")]),
            DirectionKind.Checkpoints => new(
                [.. settings.Others.Select(path => Directions.Between(parameters.Values, other(path)))],
                [.. settings.Others.Select(path => $"towards {Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}")]),
            _ => Eigenvectors(settings, model, parameters, samples, cancellation),
        };
    }

    // In Float64 and evaluation mode, with running statistics of these samples.
    private static SurfaceDirections Eigenvectors(
        SurfaceSettings settings, GraphModel model, ParameterSlab parameters, DeviceSamples samples, CancellationToken cancellation)
    {
        RunningStatistics.Estimate(model, samples, 128, cancellation);
        GraphModel copy = settings.CreateModel();
        using ParameterSlab exact = ParameterSlab.Convert(parameters, copy, DType.Float64);
        copy.IsTraining = false;
        using Tensor images = samples.ImageRange(0, samples.Count).Cast(DType.Float64);
        using Curvature curvature = new(Landscape.CriticalPoints.Objective.Of(exact, () => Loss(settings, copy, images, samples)));
        var found = Directions.Eigenvectors(
            parameters, curvature, settings.Dimensions, settings.LanczosSteps, new RandomStream(settings.Seed, FirstStream), cancellation);
        return new([.. found.Select(f => f.Direction)], [.. found.Select(f => string.Create(
            CultureInfo.InvariantCulture, $"eigenvector of the Hessian, λ = {f.Eigenvalue:G4} ± {f.ResidualBound:G2}"))]);
    }

    private static Tensor Loss(SurfaceSettings settings, GraphModel model, Tensor images, DeviceSamples samples)
    {
        Tensor output = model.Forward(images);
        return settings.Loss == Nn.Training.Objective.CrossEntropy
            ? output.CrossEntropy(samples.Labels)
            : output.SquaredLoss(samples.Labels.OneHot(samples.ClassCount, DType.Float64), LossNormalization.PerEntry);
    }
}
