using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>What was measured for one T1 and one reading of the noise; absent parts were not reached.</summary>
internal sealed class Table2Row
{
    public required int T1 { get; init; }

    public required NoiseReading Noise { get; init; }

    public required int Samples { get; init; }

    public long ParameterCount { get; set; }

    public int EpochsDone { get; set; }

    public Evaluation? Train { get; set; }

    public Evaluation? Test { get; set; }

    public double TrainSeconds { get; set; }

    public double RankSeconds { get; set; }

    /// <summary>Ranks by matrix and precision, keys such as <c>f1_f64</c>.</summary>
    public Dictionary<string, RankResult> Ranks { get; } = [];

    /// <summary>Why a part is missing.</summary>
    public string? Problem { get; set; }

    public Table2Paper? Paper => Table2Paper.Find(T1);

    /// <summary>The paper's row describes 60000 samples; it is no reference for another N.</summary>
    public bool IsComparable => Paper is not null && Samples == Table2Paper.Samples;
}
