using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// A loss Φ(θ) of n numbers, as critical points and spectra see it: the parameters of a model, in order and row by row, are one
/// vector θ[n]. Any loss of tensors will do whose ops have second derivatives; the data are fixed, as the Hessian is that of one
/// function. Batch normalisation in training mode makes the loss a function of the whole batch, in evaluation mode it does not.
/// </summary>
public sealed class Objective
{
    private readonly Func<Tensor> _loss;

    /// <summary>The loss as a function of the given leaves; it is computed anew at every call.</summary>
    /// <param name="parameters">Float64 leaves that require gradients, overwritten by <see cref="MoveTo"/>.</param>
    /// <param name="loss">A scalar computed from them.</param>
    /// <exception cref="ArgumentException">There is no parameter, or one is not a Float64 leaf.</exception>
    public Objective(IReadOnlyList<Tensor> parameters, Func<Tensor> loss)
    {
        if (parameters.Count == 0) throw new ArgumentException("Objective: expects at least one parameter, got none.");
        foreach (Tensor parameter in parameters)
        {
            if (parameter.DType != DType.Float64 || !parameter.RequiresGradient)
                throw new ArgumentException(
                    $"Objective: parameter {parameter} is to be Float64 and to require a gradient; convert the model with ParameterSlab.Convert.");
        }

        (Parameters, _loss) = (parameters, loss);
        Dimension = parameters.Sum(p => p.ElementCount);
    }

    /// <summary>The loss of a model as a function of its parameters, such as <c>() => model.Forward(x).SquaredLoss(y, …)</c>.</summary>
    public static Objective Of(ParameterSlab model, Func<Tensor> loss) => new(model.Tensors, loss);

    /// <summary>Where the parameters are.</summary>
    public Device Device => Parameters[0].Device;

    /// <summary>n, the number of parameters.</summary>
    public long Dimension { get; }

    internal IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>How often the point was moved, so that a stale <see cref="Curvature"/> is noticed.</summary>
    internal long Moves { get; private set; }

    /// <summary>A copy of θ[n].</summary>
    public Tensor Point()
    {
        using NoGradient noGradient = new();
        return Flatten(Parameters);
    }

    /// <summary>Overwrites the parameters by θ[n].</summary>
    /// <exception cref="ArgumentException">θ has another number of elements or is not Float64.</exception>
    public void MoveTo(Tensor point)
    {
        RequireVector(nameof(MoveTo), point);
        Moves++;
        Write(point);
    }

    /// <summary>Undoes the last <see cref="MoveTo"/>: what was recorded at that point is good again.</summary>
    internal void MoveBack(Tensor point)
    {
        Moves--;
        Write(point);
    }

    private void Write(Tensor point)
    {
        using TensorScope scope = new();
        long offset = 0;
        foreach (Tensor parameter in Parameters)
        {
            parameter.CopyFrom(point.Slab(offset, parameter.Shape, "part"));
            offset += parameter.ElementCount;
        }
    }

    /// <summary>Φ(θ).</summary>
    public double Value()
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        return _loss().Item();
    }

    /// <summary>∇Φ(θ)[n] and Φ(θ).</summary>
    public (double Value, Tensor Gradient) Gradient()
    {
        using TensorScope scope = new();
        Tensor value = _loss();
        Tensor gradient = Flatten(Tensors.Autograd.Gradient.Of(value, Parameters));
        return (value.Item(), scope.Return(gradient));
    }

    /// <summary>Φ(θ), recorded.</summary>
    internal Tensor Loss() => _loss();

    internal void RequireVector(string what, Tensor vector)
    {
        if (vector.ElementCount != Dimension || vector.DType != DType.Float64)
            throw new ArgumentException($"{what}: expects a Float64 vector of {Dimension} elements, got {vector}.");
    }

    internal static Tensor Flatten(IReadOnlyList<Tensor> parts)
    {
        using TensorScope scope = new();
        Tensor[] rows = [.. parts.Select(part => part.Reshape([part.ElementCount]))];
        return scope.Return(rows.Concat(0));
    }
}
