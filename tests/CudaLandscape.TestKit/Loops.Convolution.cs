using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>References of a convolution's gradients.</summary>
public static partial class Loops
{
    /// <summary>The gradient of <see cref="Conv2d"/> with respect to images of a given shape.</summary>
    public static HostArray Conv2dInputGradient(HostArray dy, HostArray w, Shape images, int stride, int pad)
    {
        HostArray dx = HostArray.Zeros(images);
        EachWindow(dx, dy.Shape, w.Shape[2], w.Shape[3], stride, pad, (n, k, i, j, r, s, h, v) =>
        {
            for (long c = 0; c < images[1]; c++) dx[n, c, h, v] += w[k, c, r, s] * dy[n, k, i, j];
        });
        return dx;
    }

    /// <summary>The gradient of <see cref="Conv2d"/> with respect to kernels of a given shape.</summary>
    public static HostArray Conv2dWeightGradient(HostArray dy, HostArray x, Shape kernels, int stride, int pad)
    {
        HostArray dw = HostArray.Zeros(kernels);
        EachWindow(x, dy.Shape, kernels[2], kernels[3], stride, pad, (n, k, i, j, r, s, h, v) =>
        {
            for (long c = 0; c < kernels[1]; c++) dw[k, c, r, s] += dy[n, k, i, j] * x[n, c, h, v];
        });
        return dw;
    }
}
