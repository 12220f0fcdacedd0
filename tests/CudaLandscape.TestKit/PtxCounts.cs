namespace CudaLandscape.TestKit;

/// <summary>What an instruction asks of a multiprocessor.</summary>
public enum PtxKind
{
    /// <summary>Arithmetic in float32, and its comparisons and conversions.</summary>
    Float32,
    /// <summary>The same in float64.</summary>
    Float64,
    /// <summary>Integers, bits and addresses.</summary>
    Integer,
    /// <summary>Moves, choices and reads of parameters, most of which a GPU's assembler leaves out.</summary>
    Move,
    /// <summary>Products on tensor cores.</summary>
    Tensor,
    /// <summary>Accesses to global memory.</summary>
    Global,
    /// <summary>Accesses to shared memory.</summary>
    Shared,
    /// <summary>Accesses to local memory: spills and arrays.</summary>
    Local,
    /// <summary>Branches, barriers, shuffles.</summary>
    Flow,
}

/// <summary>Accesses to one memory.</summary>
/// <param name="Bytes">What the lanes asked for.</param>
/// <param name="Transactions">Sectors of 32 bytes of global and local memory; passes of 128 bytes through shared memory.</param>
/// <param name="Fewest">The fewest that could do: bytes over 32 or 128, every instruction for itself. Lanes that read the same byte can do with less.</param>
public sealed record PtxAccesses(ulong Bytes, ulong Transactions, ulong Fewest);

/// <summary>What a kernel did in all its launches by its PTX.</summary>
/// <param name="Launches">Launches.</param>
/// <param name="Threads">Threads of all launches.</param>
/// <param name="Issued">Instructions issued to warps, by <see cref="PtxKind"/>.</param>
/// <param name="Lanes">Lanes that were active in them.</param>
/// <param name="Global">Global memory.</param>
/// <param name="Shared">Shared memory.</param>
/// <param name="Local">Local memory.</param>
/// <param name="Barriers">Warps that came to a barrier.</param>
public sealed record PtxCounts(
    ulong Launches, ulong Threads, IReadOnlyList<ulong> Issued, IReadOnlyList<ulong> Lanes, PtxAccesses Global, PtxAccesses Shared,
    PtxAccesses Local, ulong Barriers);

/// <summary>One instruction of a kernel.</summary>
/// <param name="File">The source it was compiled from; empty where the PTX does not say.</param>
/// <param name="Line">The line there.</param>
/// <param name="PtxLine">The line of the PTX.</param>
/// <param name="Opcode">With its modifiers.</param>
/// <param name="Kind">What it asks for.</param>
/// <param name="Issued">How often it was issued to a warp.</param>
/// <param name="Lanes">Lanes that were active.</param>
/// <param name="Transactions">Sectors or passes.</param>
public sealed record PtxInstruction(
    string File, int Line, int PtxLine, string Opcode, PtxKind Kind, ulong Issued, ulong Lanes, ulong Transactions);
