using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace CudaLandscape.TestKit;

// The check device's kernels by their PTX: softcuda/ptx/counts.cpp is the other side.
public static unsafe partial class Softcuda
{
    private const int KindCount = 9, CountWords = 3 + 2 * KindCount + 9 + 3;

    /// <summary>Kernels of the check device run by this file of PTX, or a folder's, until it is disposed.</summary>
    public static Switch UsePtx(string path) => new("softcuda_set_ptx", path);

    /// <summary>What a kernel has done since <see cref="UsePtx"/>; null when it has not run.</summary>
    public static PtxCounts? CountsOf(string kernel)
    {
        ulong* w = stackalloc ulong[CountWords];
        if (WithText(kernel, text => ((delegate* unmanaged<byte*, ulong*, int>)Export("softcuda_ptx_counts"))((byte*)text, w)) != 0) return null;
        ReadOnlySpan<ulong> words = new(w, CountWords), memories = words[(3 + 2 * KindCount)..];
        PtxAccesses[] of = new PtxAccesses[3];
        for (int i = 0; i < 3; i++) of[i] = new PtxAccesses(memories[i], memories[3 + i], memories[6 + i]);
        return new PtxCounts(words[0], words[2], words.Slice(3, KindCount).ToArray(), words.Slice(3 + KindCount, KindCount).ToArray(), of[0], of[1], of[2], memories[9]);
    }

    /// <summary>A kernel's instructions in order, since <see cref="UsePtx"/>; none when it has not run.</summary>
    public static IReadOnlyList<PtxInstruction> InstructionsOf(string kernel)
    {
        List<PtxInstruction> all = [];
        while (Instruction(kernel, all.Count) is { } next) all.Add(next);
        return all;
    }

    private static PtxInstruction? Instruction(string kernel, int index)
    {
        NativeInstruction i;
        NativeInstruction* at = &i;
        delegate* unmanaged<byte*, int, NativeInstruction*, int> function =
            (delegate* unmanaged<byte*, int, NativeInstruction*, int>)Export("softcuda_ptx_instruction");
        if (WithText(kernel, text => function((byte*)text, index, at)) != 0) return null;
        return new PtxInstruction(
            Utf8StringMarshaller.ConvertToManaged(i.File) ?? "", i.SourceLine, i.PtxLine, Utf8StringMarshaller.ConvertToManaged(i.Opcode) ?? "",
            (PtxKind)i.Kind, i.Issued, i.Lanes, i.Transactions);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NativeInstruction
    {
        public int PtxLine, SourceLine, Kind;
        public ulong Issued, Lanes, Transactions;
        public fixed byte Opcode[64];
        public fixed byte File[256];
    }
}
