namespace CudaLandscape.Nn.Data;

/// <summary>The data sets of the papers, each with a procedural stand-in of the same shape and size.</summary>
public enum DataSetKind
{
    /// <summary>Handwritten digits, 60000 and 10000 of 1 x 28 x 28; stand-in <see cref="ProceduralDigits"/>.</summary>
    Mnist,

    /// <summary>Photographs, 50000 and 10000 of 3 x 32 x 32; stand-in <see cref="ProceduralShapes"/>.</summary>
    Cifar10,
}
