namespace CudaLandscape.Landscape.BadMinima;

/// <summary>The loss of one example of a single logistic neuron, with output φ(t) = 1 / (1 + e^-t) and target y.</summary>
public enum NeuronLoss
{
    /// <summary>(φ(t) - y)²: bounded, so that examples far away do not move a minimum.</summary>
    Square,

    /// <summary>-y log φ(t) - (1 - y) log(1 - φ(t)) = log(1 + e^t) - y t, the loss that matches φ: convex in t.</summary>
    Entropic,
}
