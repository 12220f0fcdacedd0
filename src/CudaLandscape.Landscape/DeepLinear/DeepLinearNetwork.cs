using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// Ŷ = W_{H+1} W_H … W₁ X with H hidden layers, and its loss Φ = ½ ‖Ŷ - Y‖²_F (Kawaguchi, NIPS'16, eq. 1 and 2). Weights are
/// W_k[d_k,d_{k-1}], k = 1 … H+1, d_0 = d_x, d_{H+1} = d_y; p is the smallest hidden width.
/// </summary>
public sealed class DeepLinearNetwork : IDisposable
{
    private readonly Tensor[] _weights;

    /// <summary>A network with copies of the given weights W₁ … W_{H+1}.</summary>
    /// <exception cref="ArgumentException">Fewer than two weights, or shapes that do not chain from d_x to d_y.</exception>
    public DeepLinearNetwork(DeepLinearProblem problem, IReadOnlyList<Tensor> weights)
    {
        RequireChain(problem, weights);
        using TensorScope scope = new();
        using NoGradient noGradient = new();
        Problem = problem;
        _weights = [.. weights.Select(w => scope.Keep(w.Scale(1)).RequireGradient())];
        Objective = new Objective(_weights, Loss);
    }

    /// <summary>The data.</summary>
    public DeepLinearProblem Problem { get; }

    /// <summary>H.</summary>
    public int HiddenLayers => _weights.Length - 1;

    /// <summary>p = min(d_1, …, d_H).</summary>
    public int SmallestWidth => (int)_weights.Take(HiddenLayers).Min(w => w.Shape[0]);

    /// <summary>Φ as a function of W₁ … W_{H+1}, each row by row.</summary>
    public Objective Objective { get; }

    /// <summary>W_k, k from 1 to H+1.</summary>
    public Tensor Weight(int k) => _weights[k - 1];

    /// <summary>Gaussian weights of standard deviation scale / √d_{k-1}.</summary>
    /// <param name="problem">The data.</param>
    /// <param name="hidden">d_1, …, d_H.</param>
    /// <param name="stream">Weight k draws from stream + k.</param>
    /// <param name="scale">1 keeps the size of a signal.</param>
    public static DeepLinearNetwork Random(DeepLinearProblem problem, IReadOnlyList<long> hidden, RandomStream stream, double scale = 1)
    {
        using TensorScope scope = new();
        return new DeepLinearNetwork(problem, RandomWeights(problem, hidden, stream, scale));
    }

    /// <summary>W_upper … W_lower as a product, without a gradient path; the identity I[d_{lower-1}] when upper = lower - 1.</summary>
    public Tensor Product(int upper, int lower)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        if (upper < lower) return scope.Return(SmallMatrices.Identity(Problem.X.Device, lower > _weights.Length ? Problem.Outputs : Weight(lower).Shape[1]));
        Tensor product = Weight(lower).Detach();
        for (int k = lower + 1; k <= upper; k++) product = Weight(k).MatMul(product);
        return scope.Return(product);
    }

    /// <summary>r = W_{H+1} … W₁ X - Y.</summary>
    public Tensor Residual()
    {
        using TensorScope scope = new();
        return scope.Return(Product(HiddenLayers + 1, 1).MatMul(Problem.X) - Problem.Y);
    }

    /// <summary>Releases the weights.</summary>
    public void Dispose()
    {
        foreach (Tensor weight in _weights) weight.Dispose();
    }

    internal static Tensor[] RandomWeights(DeepLinearProblem problem, IReadOnlyList<long> hidden, RandomStream stream, double scale)
    {
        long[] widths = [problem.Inputs, .. hidden, problem.Outputs];
        return [.. Enumerable.Range(1, hidden.Count + 1).Select(k => RandomTensor.Normal(
            problem.X.Device, [widths[k], widths[k - 1]], DType.Float64, stream with { Stream = stream.Stream + (ulong)k }, 0,
            scale / Math.Sqrt(widths[k - 1])))];
    }

    private Tensor Loss()
    {
        Tensor signal = Problem.X;
        foreach (Tensor weight in _weights) signal = weight.MatMul(signal);
        return signal.SquaredLoss(Problem.Y, LossNormalization.HalfSum);
    }

    private static void RequireChain(DeepLinearProblem problem, IReadOnlyList<Tensor> weights)
    {
        long width = problem.Inputs;
        bool chained = weights.Count >= 2;
        foreach (Tensor w in weights)
        {
            chained &= w.Shape.Rank == 2 && w.Shape[1] == width;
            width = w.Shape[0];
        }

        if (!chained || width != problem.Outputs)
            throw new ArgumentException(
                $"DeepLinearNetwork: weights {string.Join(", ", weights.Select(w => w.Shape))} do not lead from {problem.Inputs} to "
                + $"{problem.Outputs} by at least one hidden layer; W_k is [d_k,d_(k-1)].");
    }
}
