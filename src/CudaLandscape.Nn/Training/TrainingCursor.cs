namespace CudaLandscape.Nn.Training;

/// <summary>How far training has come: the next step reads the samples of an epoch from one on.</summary>
/// <param name="Epoch">The epoch of the next step, counted from 1.</param>
/// <param name="Sample">Samples of that epoch seen before; 0 at its beginning.</param>
public readonly record struct TrainingCursor(int Epoch, int Sample)
{
    /// <summary>Before the first step.</summary>
    public static TrainingCursor Start => new(1, 0);

    /// <summary>The beginning of the epoch after this one.</summary>
    public TrainingCursor NextEpoch => new(Epoch + 1, 0);

    /// <summary>After a step on some samples.</summary>
    public TrainingCursor After(int samples) => this with { Sample = Sample + samples };

    /// <summary>For messages: <c>epoch 3, sample 256</c>.</summary>
    public override string ToString() => $"epoch {Epoch}, sample {Sample}";
}
