using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Expressivity;

/// <summary>
/// One hidden layer of random weights, φ(s (W x + b)) with a column of ones for the output's bias, whose output layer is found by
/// least squares: how well functions of the width can represent a target.
/// </summary>
public static class RandomHiddenLayer
{
    /// <summary>Features [N, width + 1] of points x[N,d]; directions are uniform on the sphere and thresholds uniform in (-r, r).</summary>
    /// <param name="x">The points, within a ball of radius r.</param>
    /// <param name="width">Hidden units.</param>
    /// <param name="radius">r.</param>
    /// <param name="steepness">s.</param>
    /// <param name="activation">φ.</param>
    /// <param name="stream">The random numbers; a wider layer contains the narrower one of the same stream.</param>
    public static Tensor Features(
        Tensor x, int width, double radius, double steepness, Func<Tensor, Tensor> activation, RandomStream stream)
    {
        using TensorScope scope = new();
        long dimension = x.Shape[1];
        Tensor w = RandomTensor.Normal(x.Device, [width, dimension], x.DType, stream);
        Tensor b = RandomTensor.Uniform(x.Device, [width], x.DType, stream with { Stream = stream.Stream + 1 }, -radius, radius);
        Tensor hidden = activation((x.MatMul(w / w.Norm(1, keep: true), transposeB: true) + b).Scale(steepness));
        Tensor ones = Tensor.Full(x.Device, [x.Shape[0], 1], x.DType, 1);
        return scope.Return(((Tensor[])[hidden, ones]).Concat(1));
    }

    /// <summary>Prediction of targets y[N,c] by ridge regression on features f[N,n], (Fᵀ F + r I)⁻¹ Fᵀ Y, evaluated at g[M,n].</summary>
    /// <param name="f">Features of the points that are fitted.</param>
    /// <param name="y">Their targets.</param>
    /// <param name="g">Features of the points to predict.</param>
    /// <param name="ridge">r; relative to the largest entry of Fᵀ F.</param>
    public static Tensor Predict(Tensor f, Tensor y, Tensor g, double ridge = 1e-12)
    {
        using TensorScope scope = new();
        Tensor gram = f.MatMul(f, transposeA: true);
        Tensor ones = Tensor.Full(f.Device, gram.Shape, f.DType, 1);
        Tensor identity = ones.Triangle(upper: true) * ones.Triangle(upper: false);
        Tensor v = (gram + identity.Scale(ridge * gram.MaxAbs().Item())).Solve(f.MatMul(y, transposeA: true));
        return scope.Return(g.MatMul(v));
    }
}
