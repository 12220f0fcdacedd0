using System.Runtime.InteropServices;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum: g ← g + λ p, then the velocity and the step of <see cref="MomentumForm"/>.
/// Nesterov's momentum in the form that Sutskever et al. (ICML'13) give for gradients taken at the parameters themselves.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly KernelSettings _settings;
    private readonly Tensor _velocity;
    private readonly Kernel _advance;

    /// <summary>An optimizer for all parameters of a slab.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Sgd(ParameterSlab parameters, SgdSettings settings)
        : base(parameters, settings, values => [new("velocity", ZerosLike(values, "sgd.velocity"))])
    {
        _settings = new KernelSettings
        {
            Momentum = settings.Momentum,
            WeightDecay = settings.WeightDecay,
            Nesterov = settings.Nesterov ? 1 : 0,
            Keras = settings.Form == MomentumForm.Keras ? 1 : 0,
        };
        _velocity = State[1].Value;
        _advance = parameters.Values.Device.GetKernel("optimizer_sgd_advance");
    }

    private protected override void Update(Tensor p, Tensor gradients)
    {
        p.Device.LaunchSingle(_advance, Schedule);
        p.Device.Launch("optimizer_sgd", p.DType, p.ElementCount, _settings, Schedule, p.ElementCount, p, gradients, _velocity);
    }

    // The kernel's SgdSettings.
    [StructLayout(LayoutKind.Sequential)]
    private struct KernelSettings
    {
        public double Momentum, WeightDecay;
        public long Nesterov, Keras;
    }
}
