namespace CudaLandscape.Tensors.Ops;

/// <summary>Convolution and max-pooling, composed of ops whose gradients can be differentiated again.</summary>
public static partial class TensorOps
{
    /// <summary>
    /// <see cref="Conv2d(Tensor, Tensor, int, int)"/> by <see cref="Im2col"/> and one matrix product per image: the same function in
    /// R S times the memory, what the op's own kernels are compared with.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2dByPatches(this Tensor x, Tensor w, int stride = 1, int pad = 0)
    {
        Conv2dPass pass = new("conv2d_by_patches", x, w, x.Shape, w.Shape, stride, pad);
        using TensorScope scope = new();
        Tensor y = w.Reshape([pass.Filters, w.Shape[1] * w.Shape[2] * w.Shape[3]]).MatMul(x.Im2col(w.Shape[2], w.Shape[3], stride, pad));
        return scope.Return(y.Reshape(pass.Outputs));
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
