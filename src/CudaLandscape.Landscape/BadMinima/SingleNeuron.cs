using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// One logistic neuron without bias and the sum of its losses, E(w) = Σ_i L(y_i, φ(⟨w, x_i⟩)) (Auer, Herbster and Warmuth, NIPS'95).
/// A bias is an input that is always 1. Points w are measured many at a time, as rows of w[G,d].
/// </summary>
public sealed class SingleNeuron : IDisposable
{
    private readonly Tensor _x, _y;

    /// <summary>Takes copies of the examples.</summary>
    /// <param name="device">Where it is computed, in Float64.</param>
    /// <param name="inputs">x_i, n of them with d numbers each.</param>
    /// <param name="targets">y_i.</param>
    /// <param name="loss">L.</param>
    /// <exception cref="ArgumentException">No examples, inputs of different lengths, or not one target in [0, 1] for each.</exception>
    public SingleNeuron(Device device, IReadOnlyList<double[]> inputs, IReadOnlyList<double> targets, NeuronLoss loss = NeuronLoss.Square)
    {
        if (inputs.Count == 0 || inputs.Count != targets.Count || inputs.Any(x => x.Length != inputs[0].Length || x.Length == 0))
            throw new ArgumentException($"SingleNeuron: expects inputs of one length and a target for each, got {inputs.Count} inputs and {targets.Count} targets.");
        if (targets.Any(y => !(y >= 0 && y <= 1)))
            throw new ArgumentException($"SingleNeuron: expects targets in [0, 1], got {string.Join(", ", targets)}.");
        using TensorScope scope = new();
        (Device, Loss, Inputs) = (device, loss, inputs);
        _x = scope.Keep(Tensor.From<double>(device, [inputs.Count, inputs[0].Length], [.. inputs.SelectMany(x => x)], "examples"));
        _y = scope.Keep(Tensor.From<double>(device, [inputs.Count], [.. targets], "targets"));
    }

    /// <summary>Where it is computed.</summary>
    public Device Device { get; }

    /// <summary>L.</summary>
    public NeuronLoss Loss { get; }

    /// <summary>x_i.</summary>
    public IReadOnlyList<double[]> Inputs { get; }

    /// <summary>d.</summary>
    public int Dimension => (int)_x.Shape[1];

    /// <summary>A neuron that reaches the targets y_i = φ(⟨w, x_i⟩) at w: E(w) = 0 for the square loss.</summary>
    public static double[] RealizedTargets(IReadOnlyList<double[]> inputs, IReadOnlyList<double> w) =>
        [.. inputs.Select(x => 1 / (1 + Math.Exp(-x.Zip(w, (a, b) => a * b).Sum())))];

    /// <summary>E[G] of the rows of w[G,d]; has derivatives.</summary>
    /// <exception cref="ArgumentException">w has not d columns.</exception>
    public Tensor Errors(Tensor w)
    {
        if (w.Shape.Rank != 2 || w.Shape[1] != Dimension || w.DType != DType.Float64)
            throw new ArgumentException($"SingleNeuron: expects Float64 weights [G,{Dimension}], got {w}.");
        using TensorScope scope = new();
        Tensor t = w.MatMul(_x, transposeB: true);
        Tensor losses = Loss == NeuronLoss.Square ? (t.Sigmoid() - _y).Square() : t.Softplus() - t * _y;
        return scope.Return(losses.Sum(1));
    }

    /// <summary>E at each point, on the host.</summary>
    public double[] Errors(IReadOnlyList<double[]> points)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        return Errors(Rows(points)).ToArray<double>();
    }

    /// <summary>∂E/∂w at each point of a neuron with one input, on the host.</summary>
    /// <exception cref="InvalidOperationException">d is not 1.</exception>
    public double[] Slopes(IReadOnlyList<double> points)
    {
        if (Dimension != 1) throw new InvalidOperationException($"SingleNeuron.Slopes: is for one input, this neuron has {Dimension}.");
        using TensorScope scope = new();
        Tensor w = Rows([.. points.Select(p => (double[])[p])]).RequireGradient();
        return Gradient.Of(Errors(w).Sum(), w).ToArray<double>();
    }

    /// <summary>E as a function of one point, for searches.</summary>
    public Objective ObjectiveAt(IReadOnlyList<double> start)
    {
        Tensor w = Rows([[.. start]]).RequireGradient();
        return new Objective([w], () => Errors(w).Sum());
    }

    /// <summary>Releases the examples.</summary>
    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
    }

    internal Tensor Rows(IReadOnlyList<double[]> points) =>
        Tensor.From<double>(Device, [points.Count, Dimension], [.. points.SelectMany(p => p)], "weights");
}
