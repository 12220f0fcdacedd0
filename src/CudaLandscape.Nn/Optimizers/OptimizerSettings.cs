using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>Settings of an optimizer, which make one.</summary>
/// <param name="Rate">The learning rate; a plain number is a constant one.</param>
public abstract record OptimizerSettings(LearningRate Rate)
{
    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names optimizer, setting, range and value.</exception>
    public abstract void Validate();

    /// <summary>An optimizer for all parameters of a slab.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public abstract Optimizer Create(ParameterSlab parameters);

    internal static void Require(bool valid, string optimizer, string name, string range, double value)
    {
        if (!valid) throw new ArgumentOutOfRangeException(name, $"{optimizer}: {name} must be {range}; got {value}.");
    }
}
