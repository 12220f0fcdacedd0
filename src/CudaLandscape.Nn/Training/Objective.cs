namespace CudaLandscape.Nn.Training;

/// <summary>What training minimises.</summary>
public enum Objective
{
    /// <summary>The squared loss to one-hot targets (ICML'18), normalised as the settings say.</summary>
    SquaredLoss,

    /// <summary>The cross-entropy of the softmax of the outputs, a mean over samples (ICLR'19, eq. (2)).</summary>
    CrossEntropy,
}
