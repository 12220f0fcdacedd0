using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>
/// One operation: its name, its forward computation and its backward rule. Rules are written in tensor operations, so that a
/// gradient can be differentiated again. An instance holds the op's attributes (stride, axis, …) and no tensors.
/// </summary>
public abstract class Op
{
    /// <summary>The op's name in messages, tables and tapes.</summary>
    public abstract string Name { get; }

    /// <summary>What the backward rule reads.</summary>
    protected internal virtual Saves Saves => Saves.Nothing;

    /// <summary>False when the result has no gradient, such as an arg-max.</summary>
    protected internal virtual bool IsDifferentiable => true;

    /// <summary>Checks the inputs, then computes the result. Runs without recording.</summary>
    protected internal abstract Tensor Forward(Tensor[] x);

    /// <summary>
    /// The vector-Jacobian product: given dy, the gradient of the result, the gradients of the inputs (null where none flows).
    /// </summary>
    protected internal abstract Tensor?[] Vjp(in Backward b);

    /// <summary>Computes the result and, when an input requires a gradient, records the step on the tape.</summary>
    /// <exception cref="ArgumentException">The inputs do not fit the op; the message names op, shapes and types.</exception>
    /// <exception cref="NonFiniteValueException">The result is not finite; only under <see cref="AnomalyMode"/>.</exception>
    public Tensor Apply(params Tensor[] inputs)
    {
        RequireOneDevice(inputs);
        Tensor result;
        using (new NoGradient())
        using (ProfilerRange.IsOn ? new ProfilerRange(Name) : default)
        {
            result = Forward(inputs);
        }

        if (AnomalyMode.IsEnabled) AnomalyMode.CheckResult(this, inputs, result);
        if (IsDifferentiable && GradientMode.IsEnabled && Array.Exists(inputs, x => x.RequiresGradient))
            result.AttachNode(Node.Record(this, inputs, result));
        return result;
    }

    private void RequireOneDevice(Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
        {
            input.ThrowIfReleased();
            if (!ReferenceEquals(input.Device, inputs[0].Device))
                throw new ArgumentException($"{Name}: {inputs[0]} is on {inputs[0].Device.Id}, {input} on {input.Device.Id}.");
        }
    }
}
