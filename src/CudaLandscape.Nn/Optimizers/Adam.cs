using CudaLandscape.Interop;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, ICLR'15, algorithm 1): m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²;
/// p ← p - rate(t) · m̂ / (√v̂ + ε), m̂ = m / (1 - β1^t), v̂ = v / (1 - β2^t), t counted from 1 in the powers.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly Tensor _moments, _first, _second;
    private readonly Kernel _advance;

    /// <summary>An optimizer for all parameters of a slab.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Adam(ParameterSlab parameters, AdamSettings settings)
        : base(parameters, settings, values => [
            new("adam", Tensor.From<double>(values.Device, [5], [settings.Beta1, settings.Beta2, settings.Epsilon, 1, 1], "adam")),
            new("m", ZerosLike(values, "adam.m")), new("v", ZerosLike(values, "adam.v")),
        ])
    {
        (_moments, _first, _second) = (State[1].Value, State[2].Value, State[3].Value);
        _advance = parameters.Values.Device.GetKernel("optimizer_adam_advance");
    }

    private protected override void Update(Tensor p, Tensor gradients)
    {
        p.Device.LaunchSingle(_advance, Schedule, _moments);
        p.Device.Launch(
            "optimizer_adam", p.DType, p.ElementCount, Schedule, _moments, p.ElementCount, p, gradients, _first, _second);
    }
}
