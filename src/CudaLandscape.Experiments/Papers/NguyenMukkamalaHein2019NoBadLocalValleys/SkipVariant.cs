namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>What is trained of a network.</summary>
internal enum SkipVariant
{
    /// <summary>The network itself, all of it.</summary>
    Plain,

    /// <summary>The network with skip connections, all weights U and V by SGD.</summary>
    SkipSgd,

    /// <summary>U as drawn, V by SGD: the paper's "rand".</summary>
    SkipRand,

    /// <summary>U as drawn, V the solution of Ψ(U) V = Y: section 3; not a row of the paper's tables.</summary>
    SkipExact,
}
