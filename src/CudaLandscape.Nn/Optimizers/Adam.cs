using CudaLandscape.Interop;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// Adam (Kingma and Ba, ICLR'15, algorithm 1) with Keras' decay of the learning rate,
/// rate_t = rate / (1 + decay · (t - 1)), t counted in steps from 1:
/// m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²; p ← p - rate_t · m̂ / (√v̂ + ε), m̂ = m / (1 - β1^t), v̂ = v / (1 - β2^t).
/// All state that changes from step to step is in device memory.
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly ParameterSlab _parameters;
    private readonly Tensor _gradients, _first, _second, _state;
    private readonly Kernel _advance;

    /// <summary>An optimizer for all parameters of a slab.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Adam(ParameterSlab parameters, AdamSettings settings)
    {
        settings.Validate();
        _parameters = parameters;
        (Device device, Shape shape, DType type) = (parameters.Values.Device, parameters.Values.Shape, parameters.Values.DType);
        using TensorScope scope = new();
        _gradients = Tensor.Zeros(device, shape, type, "gradients");
        _first = Tensor.Zeros(device, shape, type, "adam.m");
        _second = Tensor.Zeros(device, shape, type, "adam.v");
        double[] state = [settings.Rate, settings.Decay, settings.Beta1, settings.Beta2, settings.Epsilon, 0, 1, 1, 0];
        _state = Tensor.From<double>(device, [state.Length], state, "adam.state");
        _advance = device.GetKernel("optimizer_adam_advance");
        foreach (Tensor tensor in (Tensor[])[_gradients, _first, _second, _state]) scope.Keep(tensor);
    }

    /// <summary>Steps taken.</summary>
    public long Steps => (long)_state.ToArray<double>()[5];

    /// <summary>The tensors that the next step depends on besides the parameters, with names that are unique and stay.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> State => [("adam", _state), ("m", _first), ("v", _second)];

    /// <summary>Applies one step with the given gradients, one per parameter.</summary>
    public void Step(IReadOnlyList<Tensor> gradients)
    {
        _parameters.Flatten(gradients, _gradients);
        Tensor p = _parameters.Values;
        p.Device.LaunchSingle(_advance, _state);
        p.Device.Launch("optimizer_adam", p.DType, p.ElementCount, _state, p.ElementCount, p, _gradients, _first, _second);
    }

    /// <summary>Releases the optimizer's state.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[_gradients, _first, _second, _state]) tensor.Dispose();
    }
}
