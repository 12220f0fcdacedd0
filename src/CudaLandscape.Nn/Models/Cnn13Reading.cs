namespace CudaLandscape.Nn.Models;

/// <summary>Which of two statements of ICLR'19 about CNN13 holds; they contradict each other by one layer of 14x14x128.</summary>
public enum Cnn13Reading
{
    /// <summary>179,840 hidden neurons, as text and caption say: 12 convolutions and the output layer make 13 layers.</summary>
    Text,

    /// <summary>The 13 convolutions that Table 3 prints, whose neurons add up to 204,928.</summary>
    Table,
}
