namespace CudaLandscape.Tensors.Ops;

/// <summary>Convolution and max-pooling, composed of ops whose gradients can be differentiated again.</summary>
public static partial class TensorOps
{
    /// <summary>
    /// y[n,k,p,q] = Σ_{c,r,s} w[k,c,r,s] x[n, c, p·stride - pad + r, q·stride - pad + s]; x[N,C,H,W], w[K,C,R,S], y[N,K,P,Q]. By
    /// <see cref="Im2col"/> and one matrix product per image. Weight decay, bias and activation are the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2d(this Tensor x, Tensor w, int stride = 1, int pad = 0)
    {
        OpChecks.RequireSameFloat("conv2d", x, w);
        OpChecks.RequireRank("conv2d", x, 4, "[N,C,H,W]");
        OpChecks.RequireRank("conv2d", w, 4, "[K,C,R,S]");
        if (x.Shape[1] != w.Shape[1])
            throw new ArgumentException($"conv2d: images {x} have {x.Shape[1]} channels, kernels {w} expect {w.Shape[1]}.");
        using TensorScope scope = new();
        (long k, long r, long s) = (w.Shape[0], w.Shape[2], w.Shape[3]);
        Conv2dSize size = new("conv2d", x.Shape, r, s, stride, pad);
        Tensor y = w.Reshape([k, w.Shape[1] * r * s]).MatMul(x.Im2col(r, s, stride, pad));
        return scope.Return(y.Reshape([x.Shape[0], k, size.P, size.Q]));
    }

    /// <summary>
    /// y[n,c,p,q] = the largest value of the window at (p·stride - pad, q·stride - pad); x[N,C,H,W]. Of equal values the first
    /// in reading order receives the gradient.
    /// </summary>
    /// <exception cref="ArgumentException">The window does not fit the images.</exception>
    public static Tensor MaxPool2d(this Tensor x, int kernel, int? stride = null, int pad = 0)
    {
        using TensorScope scope = new();
        int step = stride ?? kernel;
        Tensor indices = x.MaxPool2dIndices(kernel, step, pad);
        return scope.Return(new PoolGather(kernel, step, pad).Apply(x, indices));
    }
}
