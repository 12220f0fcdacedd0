using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// Changes all parameters of a slab, one kernel for all. Everything that changes from step to step is in device memory, so a
/// recorded step can be replayed, and everything that the next step depends on is in <see cref="State"/>.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly ParameterSlab _parameters;

    /// <summary>Allocates a slab of gradients, the learning rate's schedule and an optimizer's own state.</summary>
    private protected Optimizer(
        ParameterSlab parameters, OptimizerSettings settings, Func<Tensor, StateTensor[]> ownState)
    {
        settings.Validate();
        _parameters = parameters;
        using TensorScope scope = new();
        Gradients = ZerosLike(parameters.Values, "gradients");
        Schedule = settings.Rate.ToTensor(parameters.Values.Device);
        State = [new("learning_rate", Schedule), .. ownState(parameters.Values)];
        scope.Keep(Gradients);
        foreach ((_, Tensor tensor) in State) scope.Keep(tensor);
    }

    /// <summary>
    /// The tensors that the next step depends on besides the parameters, with names that are unique and stay: the learning
    /// rate's schedule with the number of steps taken, and moments or velocities. To resume, copy a saved state into them.
    /// </summary>
    public IReadOnlyList<StateTensor> State { get; }

    /// <summary>Steps taken; waits for the device.</summary>
    public long Steps => LearningRate.Read(Schedule).Steps;

    /// <summary>The learning rate of the last step taken, 0 before the first; waits for the device.</summary>
    public double Rate => LearningRate.Read(Schedule).Rate;

    /// <summary>The gradient of the next <see cref="Step()"/>, laid out like the parameters, with zeros between them.</summary>
    internal Tensor Gradients { get; }

    private protected Tensor Schedule { get; }

    /// <summary>Applies one step with the given gradients, one per parameter.</summary>
    public void Step(IReadOnlyList<Tensor> gradients)
    {
        _parameters.Flatten(gradients, Gradients);
        Step();
    }

    /// <summary>Applies one step with the gradients in <see cref="Gradients"/>.</summary>
    internal void Step() => Update(_parameters.Values, Gradients);

    /// <summary>Releases the optimizer's state.</summary>
    public void Dispose()
    {
        Gradients.Dispose();
        foreach ((_, Tensor tensor) in State) tensor.Dispose();
    }

    /// <summary>One step on flat tensors; what lies between the parameters is 0, has gradient 0 and must stay 0.</summary>
    private protected abstract void Update(Tensor parameters, Tensor gradients);

    /// <summary>A tensor of zeros laid out like the parameters.</summary>
    private protected static Tensor ZerosLike(Tensor values, string name) =>
        Tensor.Zeros(values.Device, values.Shape, values.DType, name);
}
