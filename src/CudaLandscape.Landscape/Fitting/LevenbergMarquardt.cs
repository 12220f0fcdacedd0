using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Fitting;

/// <summary>
/// Drives Φ = ½ ‖F_L - Y‖² of a small network to rounding: δ = -Jᵀ (J Jᵀ + μ I)⁻¹ r for the residuals r[m] and their Jacobian
/// J[m,P] (Levenberg, 1944; Marquardt, 1963, in the form for more parameters than residuals). A step that lowers Φ is kept and
/// divides μ by 4; another multiplies it by 4.
/// </summary>
public static class LevenbergMarquardt
{
    /// <summary>Changes the parameters until ‖∇Φ‖ is at most the tolerance, or the steps are used up.</summary>
    /// <param name="model">The model, whose parameters are all in the slab.</param>
    /// <param name="parameters">Its parameters, Float64.</param>
    /// <param name="x">Samples.</param>
    /// <param name="y">Targets, of the output's shape.</param>
    /// <param name="steps">Steps at most; each costs a backward pass for every entry of Y.</param>
    /// <param name="tolerance">‖∇Φ‖ that is small enough.</param>
    /// <param name="report">Told Φ and ‖∇Φ‖ before each step.</param>
    /// <exception cref="ArithmeticException">Φ is not finite at the start.</exception>
    public static LevenbergMarquardtResult Minimise(
        Module model, ParameterSlab parameters, Tensor x, Tensor y, int steps, double tolerance, Action<double, double>? report = null)
    {
        double damping = 1e-2;
        for (int step = 0; ; step++)
        {
            using TensorScope scope = new();
            (Tensor residual, Tensor jacobian) = Linearise(model, parameters, x, y);
            double loss = HalfSquare(residual), gradient = jacobian.MatMul(residual, transposeA: true).Norm().Item();
            if (!double.IsFinite(loss)) throw new ArithmeticException($"Levenberg-Marquardt: the loss is {loss} at step {step}.");
            report?.Invoke(loss, gradient);
            if (gradient <= tolerance || step == steps) return new LevenbergMarquardtResult(loss, gradient, step);
            damping = Step(model, parameters, x, y, (residual, jacobian, loss), damping);
        }
    }

    // Tries larger and larger damping until Φ goes down; none does at a minimum.
    private static double Step(
        Module model, ParameterSlab parameters, Tensor x, Tensor y, (Tensor Residual, Tensor Jacobian, double Loss) at, double damping)
    {
        Tensor before = parameters.Values.Detach().Scale(1), gram = at.Jacobian.MatMul(at.Jacobian, transposeB: true);
        Tensor ones = Tensor.Full(gram.Device, gram.Shape, gram.DType, 1);
        Tensor identity = ones.Triangle(upper: true) * ones.Triangle(upper: false);
        for (int attempt = 0; attempt < 20; attempt++, damping *= 4)
        {
            using TensorScope scope = new();
            Tensor multipliers = (gram + identity.Scale(damping)).Solve(at.Residual);
            parameters.Values.CopyFrom(before - at.Jacobian.MatMul(multipliers, transposeA: true).Reshape(before.Shape));
            using NoGradient noGradient = new();
            if (HalfSquare(model.Forward(x) - y) < at.Loss) return damping / 4;
        }

        parameters.Values.CopyFrom(before);
        return damping;
    }

    private static (Tensor Residual, Tensor Jacobian) Linearise(Module model, ParameterSlab parameters, Tensor x, Tensor y)
    {
        using TensorScope scope = new();
        Tensor output = model.Forward(x);
        long count = output.ElementCount, width = parameters.Values.ElementCount;
        Tensor jacobian = Tensor.Zeros(output.Device, [count, width], output.DType, "jacobian");
        Tensor[] tensors = parameters.Tensors;
        for (long r = 0; r < count; r++)
        {
            using TensorScope rowScope = new();
            Tensor basis = Tensor.Zeros(output.Device, output.Shape, output.DType, "basis vector");
            basis.Slab(r, [1], "entry").CopyFrom(Tensor.Full(output.Device, [1], output.DType, 1));
            parameters.Flatten(Gradient.Of(output, tensors, basis), jacobian.Slab(r * width, [width], "row"));
        }

        return (scope.Return((output - y).Detach().Reshape([count, 1])), scope.Return(jacobian));
    }

    private static double HalfSquare(Tensor residual)
    {
        using TensorScope scope = new();
        return residual.Detach().Square().Sum().Item() / 2;
    }
}
