using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Paths;

/// <summary>
/// The loss of a classifier on a data set as a function of all its parameters, for any point, whether training came by or not:
/// the running statistics of batch normalisations are estimated anew at every point from the statistics' samples.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="parameters">Its parameters; they are left at the last point evaluated.</param>
/// <param name="samples">What the loss is of.</param>
/// <param name="objective">Cross-entropy, or the squared loss as the mean over all entries.</param>
/// <param name="statistics">What running statistics are estimated from; the same samples when left out.</param>
/// <param name="statisticsBatch">Samples per batch of that estimate.</param>
public sealed class ModelLoss(
    Module model, ParameterSlab parameters, DeviceSamples samples, Objective objective = Objective.CrossEntropy,
    DeviceSamples? statistics = null, int statisticsBatch = 128)
{
    /// <summary>The parameters, laid out as points have to be.</summary>
    public ParameterSlab Parameters => parameters;

    /// <summary>The loss at a point.</summary>
    /// <param name="point">A tensor of the shape and type of <see cref="ParameterSlab.Values"/>.</param>
    /// <param name="where">What the message calls the point when the loss there is not finite.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    /// <exception cref="ArgumentException">The point has another shape or type.</exception>
    /// <exception cref="ArithmeticException">The loss is not finite; the message names the point.</exception>
    public PointLoss At(Tensor point, string where, CancellationToken cancellation = default)
    {
        if (point.Shape != parameters.Values.Shape || point.DType != parameters.Values.DType)
            throw new ArgumentException($"model loss: expects a point like {parameters.Values}, got {point}.");
        parameters.Values.CopyFrom(point);
        RunningStatistics.Estimate(model, statistics ?? samples, statisticsBatch, cancellation);
        PointLoss loss = Evaluate(cancellation);
        return double.IsFinite(loss.Loss) ? loss : throw new ArithmeticException($"The loss at {where} is {loss.Loss}.");
    }

    private PointLoss Evaluate(CancellationToken cancellation)
    {
        if (objective == Objective.CrossEntropy)
        {
            ClassificationEvaluation found = ClassificationEvaluation.Of(model, samples, cancellation);
            return new PointLoss(found.CrossEntropy, found.Errors);
        }

        Evaluation squared = Evaluation.Of(model, samples, cancellation);
        return new PointLoss(squared.Loss, squared.Errors);
    }
}
