using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = σ((x - μ) / √(v + ε) · weight + bias) per channel, over the first C channels of x[N, ≥ C, …], with moments μ, v [2,C] that are
/// the batch's own or given; y[N,C,…]. One pass over x and y beside the one that measures the moments; backward two over x and dy,
/// one for the sums over a channel and one for dx. Only x is kept, and z is computed again. A recorded backward pass is that of the
/// composed formula, <see cref="TensorOps.BatchNorm2dTraining"/> and the activation's op, so that it can be differentiated again.
/// </summary>
public sealed class BatchNormActivation : Op
{
    private readonly ActivationFunction _activation;
    private readonly double _epsilon;
    private readonly bool _isOfBatch;

    internal BatchNormActivation(ActivationFunction activation, double epsilon, bool isOfBatch) =>
        (_activation, _epsilon, _isOfBatch) = (activation, epsilon, isOfBatch);

    /// <inheritdoc/>
    public override string Name => "batch_norm_activation";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x) => Pass(x[0].Shape, x[1]).Forward(Name, x[0], x[1], x[2], x[3]);

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        GradientMode.IsEnabled ? Recorded(b) : b.Dy.ElementCount == 0 ? Zeros(b) : InTwoPasses(b);

    private BatchNormPass Pass(Shape x, Tensor weight) => new(x, weight.ElementCount, _activation, _epsilon);

    private Tensor?[] InTwoPasses(in Backward b)
    {
        (Tensor x, Tensor weight, Tensor bias, Tensor moments) = (b.X(0), b.X(1), b.X(2), b.X(3));
        BatchNormPass pass = Pass(x.Shape, weight);
        (Tensor sums, Tensor dWeight, Tensor dBias) = pass.Sums(x, weight, bias, moments, b.Dy);
        if (!b.Needs(0)) return [null, dWeight, dBias, null];
        Tensor? sum = b.Sum(0);
        bool isFresh = sum is null && weight.ElementCount == x.Shape[1];
        Tensor dx = sum ?? (isFresh ? Tensor.Empty(x.Device, x.Shape, x.DType, Name) : Tensor.Zeros(x.Device, x.Shape, x.DType, Name));
        pass.AddGradient(x, weight, bias, moments, b.Dy, sums, dx, _isOfBatch, isFresh);
        return [dx, dWeight, dBias, null];
    }

    // On nodes of their own: x may depend on the weights itself, and its part of their gradient is not this op's.
    private Tensor?[] Recorded(in Backward b)
    {
        Tensor[] inputs = [b.X(0).Identity(), b.X(1).Identity(), b.X(2).Identity()];
        Tensor x = inputs[1].ElementCount == inputs[0].Shape[1] ? inputs[0] : inputs[0].Slice(1, 0, inputs[1].ElementCount);
        Tensor y = _activation.Apply(_isOfBatch
            ? x.BatchNorm2dTraining(inputs[1], inputs[2], _epsilon).Y
            : x.BatchNorm2d(inputs[1], inputs[2], Row(b.X(3), 0), Row(b.X(3), 1), _epsilon));
        Tensor[] gradients = Gradient.Of(y, Array.FindAll(inputs, t => t.RequiresGradient), b.Dy, createGraph: true);
        int next = 0;
        return [.. inputs.Select(t => t.RequiresGradient ? gradients[next++] : null), null];
    }

    private static Tensor?[] Zeros(in Backward b)
    {
        Tensor?[] zeros = new Tensor?[b.InputCount];
        for (int i = 0; i < 3; i++) zeros[i] = Tensor.Zeros(b.Dy.Device, b.Shape(i), b.Dy.DType);
        return zeros;
    }

    private static Tensor Row(Tensor moments, long row) => moments.Slab(row * moments.Shape[1], [moments.Shape[1]], "moments");
}
