using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>Products with the Jacobian and the Hessian, and the Jacobian itself.</summary>
public static partial class Gradient
{
    /// <summary>dyᵀ J: for each x the gradient Σ_r dy_r ∂y_r/∂x, of x's shape; one backward pass.</summary>
    /// <exception cref="ArgumentException">y or an x has no gradient path, or dy has not y's shape and type.</exception>
    public static Tensor[] VectorJacobianProduct(Tensor y, IReadOnlyList<Tensor> xs, Tensor dy) => Of(y, xs, dy);

    /// <summary>
    /// J v = Σ_i ∂y/∂x_i v_i, of y's shape; exact. The backward pass is linear in dy, uᵀ ↦ uᵀ J, so J v is the gradient of
    /// ⟨uᵀ J, v⟩ with respect to u (Townsend, "A new trick for calculating Jacobian vector products", 2017).
    /// </summary>
    /// <exception cref="ArgumentException">A v has not its x's shape and type, or y or an x has no gradient path.</exception>
    public static Tensor JacobianVectorProduct(Tensor y, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs)
    {
        CheckDirections("JacobianVectorProduct", xs, vs);
        using TensorScope scope = new();
        Tensor u = Tensor.Zeros(y.Device, y.Shape, y.DType, "u").RequireGradient();
        Tensor? product = InnerProduct(Of(y, xs, u, createGraph: true), vs);
        return scope.Return(product is { RequiresGradient: true }
            ? Of(product, u)
            : Tensor.Zeros(y.Device, y.Shape, y.DType, "jacobian-vector product"));
    }

    /// <summary>
    /// Hessian-vector products H v of a scalar: the gradient of Σ ⟨∂y/∂x, v⟩ with respect to each x; exact, by
    /// differentiating the backward pass (Pearlmutter, 1994).
    /// </summary>
    /// <exception cref="ArgumentException">A v has not its x's shape and type, or y has no gradient path.</exception>
    public static Tensor[] HessianVectorProduct(Tensor y, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs)
    {
        CheckDirections("HessianVectorProduct", xs, vs);
        using TensorScope scope = new();
        Tensor? product = InnerProduct(Of(y, xs, null, createGraph: true), vs);
        if (product is { RequiresGradient: true }) return scope.Return(Of(product, xs));
        return scope.Return([.. xs.Select(x => Tensor.Zeros(x.Device, x.Shape, x.DType))]);
    }

    /// <summary>
    /// The matrix J[r,c] = ∂y_r/∂x_c over the elements of y and x in row-major order, of x's type; a backward pass per row, so
    /// for small y.
    /// </summary>
    /// <exception cref="ArgumentException">y or x has no gradient path.</exception>
    public static Tensor Jacobian(Tensor y, Tensor x)
    {
        using TensorScope scope = new();
        Tensor matrix = Tensor.Zeros(x.Device, [y.ElementCount, x.ElementCount], x.DType, "jacobian");
        Tensor basis = Tensor.Zeros(y.Device, y.Shape, y.DType, "basis vector");
        Tensor zero = Tensor.Zeros(y.Device, [1], y.DType), one = Tensor.Full(y.Device, [1], y.DType, 1);
        Check(y, [x], basis);
        for (long r = 0; r < y.ElementCount; r++)
        {
            using TensorScope rowScope = new();
            Tensor entry = basis.Slab(r, [1], "entry");
            entry.CopyFrom(one);
            matrix.Slab(r * x.ElementCount, x.Shape, "row").CopyFrom(Of(y, [x], basis)[0]);
            entry.CopyFrom(zero);
        }

        return scope.Return(matrix);
    }

    // Recorded in any mode, since it is differentiated next.
    private static Tensor? InnerProduct(Tensor[] gradients, IReadOnlyList<Tensor> vs)
    {
        using GradientMode.Change mode = GradientMode.Set(true);
        Tensor? product = null;
        for (int i = 0; i < gradients.Length; i++)
        {
            Tensor term = (gradients[i] * vs[i]).Sum();
            product = product is null ? term : product + term;
        }

        return product;
    }

    private static void CheckDirections(string what, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs)
    {
        if (xs.Count != vs.Count) throw new ArgumentException($"{what}: {xs.Count} tensors x, but {vs.Count} directions v.");
        for (int i = 0; i < xs.Count; i++)
        {
            if (xs[i].Shape != vs[i].Shape || xs[i].DType != vs[i].DType)
                throw new ArgumentException($"{what}: direction {i} is {vs[i]}, but x is {xs[i]}; shapes and types must agree.");
        }
    }
}
