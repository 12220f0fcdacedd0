using CudaLandscape.Landscape.Layers;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Bounds;

/// <summary>
/// ICML'18, Lemma 4.3, for a chain of layers and Φ = ½ ‖F_L - Y‖²: with F_k the features of a layer, N of them,
/// σ_min(F_k) Π σ_min(U_{l+1}) min|σ'(G_l)| ‖F_L - Y‖ ≤ ‖∇_{U_{k+1}} Φ‖ ≤ σ_max(F_k) Π σ_max(U_{l+1}) max|σ'(G_l)| ‖F_L - Y‖, the
/// products over l = k+1 … L-1, all norms Frobenius'.
/// </summary>
/// <param name="Lower">The lower bound; 0 when F_k has fewer columns than rows or a U has more columns than rows.</param>
/// <param name="Gradient">‖∇_{U_{k+1}} Φ‖.</param>
/// <param name="Upper">The upper bound.</param>
/// <param name="Loss">Φ.</param>
public sealed record GradientBounds(double Lower, double Gradient, double Upper, double Loss)
{
    /// <summary>Whether the bounds hold, each to a relative tolerance for rounding.</summary>
    public bool Hold(double tolerance = 1e-10) => Gradient >= Lower * (1 - tolerance) && Gradient <= Upper * (1 + tolerance);

    /// <summary>Computes them for the parameters as they are.</summary>
    /// <param name="model">A chain; initialized, Float64.</param>
    /// <param name="features">Name of the node whose output is F_k; a layer with weights must come next.</param>
    /// <param name="x">Samples [N,…].</param>
    /// <param name="y">Targets [N, n_L].</param>
    /// <exception cref="ArgumentException">The rest of the model is no chain, or it pools, which Assumption 4.1 excludes.</exception>
    public static GradientBounds Of(GraphModel model, string features, Tensor x, Tensor y)
    {
        using TensorScope scope = new();
        ChainTail tail = ChainTail.Of(model, features, x);
        (Tensor gradient, double loss) = tail.FullGradient(y);
        (double low, double high) = Extremes(tail.Features, tail.Features.Shape[0]);
        foreach ((double layerLow, double layerHigh) in tail.Layers.Select(l => Factor(l.Module!, l.Input)))
            (low, high) = (low * layerLow, high * layerHigh);
        double residual = Math.Sqrt(2 * loss);
        return new GradientBounds(low * residual, gradient.Norm().Item(), high * residual, loss);
    }

    // Of an activation the smallest and largest slope, of a layer with weights the singular values of its matrix.
    private static (double Low, double High) Factor(Module module, Tensor input)
    {
        using TensorScope scope = new();
        if (module.Role == LayerRole.Arrangement) return (1, 1);
        if (module.Role == LayerRole.Activation) return Slopes(module, input);
        using NoGradient noGradient = new();
        Tensor u = FullWeights.Of(module, [.. input.Shape.Sizes[1..]]);
        return Extremes(u, u.Shape[1]);
    }

    private static (double Low, double High) Slopes(Module activation, Tensor input)
    {
        Tensor g = input.Detach().RequireGradient();
        double[] slopes = Tensors.Autograd.Gradient.Of(activation.Forward(g).Sum(), g).ToArray<double>();
        return (slopes.Min(s => Math.Abs(s)), slopes.Max(s => Math.Abs(s)));
    }

    // σ_min counts as 0 when there are fewer than the wanted number of singular values.
    private static (double Low, double High) Extremes(Tensor matrix, long wanted)
    {
        double[] values = matrix.Detach().SingularValues().ToArray<double>();
        return (values.Length < wanted ? 0 : values[^1], values[0]);
    }
}
