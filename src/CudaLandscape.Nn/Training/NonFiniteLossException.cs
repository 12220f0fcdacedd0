using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>Training met a value that is NaN or infinite.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    private const string Advice = "Lower the learning rate (--lr) or change the initializer (--init).";

    /// <summary>The loss of an epoch is not finite.</summary>
    public NonFiniteLossException(int epoch, double loss)
        : base($"The training loss of epoch {epoch} is {loss}. {Advice}") => Epoch = epoch;

    /// <summary>A step was found, by repeating it under <see cref="AnomalyMode"/>, to give a value that is not finite.</summary>
    public NonFiniteLossException(TrainingCursor step, long number, NonFiniteValueException cause)
        : base(
            $"Training step {number} (epoch {step.Epoch}, from sample {step.Sample} on) gives a value that is not finite, {Place(cause)}: "
            + $"{cause.Message} {Advice}",
            cause) =>
        (Epoch, Step) = (step.Epoch, number);

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step, counted from 1 over all epochs; null when only the epoch is known.</summary>
    public long? Step { get; }

    private static string Place(NonFiniteValueException cause) =>
        cause.Layer is { } layer ? $"in layer {layer}" : cause.IsGradient ? "in the backward pass" : "in the loss";
}
