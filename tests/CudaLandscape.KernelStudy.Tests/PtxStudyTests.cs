using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy.Tests;

/// <summary>Counts of a kernel whose PTX is written here, so that they can be worked out.</summary>
[Collection("device")]
public sealed class PtxStudyTests
{
    // relu, one element per thread; thread t of the launch has element t.
    private const string Relu = """
        .version 8.0
        .target sm_90
        .address_size 64
        .file 1 "relu.cu"
        .visible .entry elementwise_relu_f32(.param .u64 n, .param .u64 from, .param .u64 to, .param .f64 a, .param .f64 b)
        {
            .reg .pred %p<2>;
            .reg .b32 %r<4>;
            .reg .f32 %f<3>;
            .reg .b64 %rd<8>;
            .loc 1 10 1
            ld.param.u64 %rd1, [n];
            ld.param.u64 %rd2, [from];
            ld.param.u64 %rd3, [to];
            mov.u32 %r1, %ctaid.x;
            mov.u32 %r2, %ntid.x;
            mov.u32 %r3, %tid.x;
            mad.lo.s32 %r1, %r1, %r2, %r3;
            cvt.u64.u32 %rd4, %r1;
            setp.ge.s64 %p1, %rd4, %rd1;
            @%p1 bra done;
            .loc 1 20 1
            shl.b64 %rd5, %rd4, 2;
            add.s64 %rd6, %rd2, %rd5;
            add.s64 %rd7, %rd3, %rd5;
            ld.global.f32 %f1, [%rd6];
            max.f32 %f2, %f1, 0f00000000;
            st.global.f32 [%rd7], %f2;
        done:
            ret;
        }
        """;

    private const string Name = "elementwise_relu_f32";

    [SkippableFact]
    public void Instructions_lanes_and_sectors_are_those_of_the_program()
    {
        using PtxFile file = new(Relu);
        using Softcuda.Switch used = Softcuda.UsePtx(file.Path);
        using TensorScope scope = new();
        float[] values = [.. Enumerable.Range(0, 100).Select(i => i - 50f)];
        Tensor y = Tensor.From<float>(TestDevices.Check, [100], values).Relu();
        Assert.Equal(values.Select(v => Math.Max(v, 0)), y.ToArray<float>());

        PtxCounts counts = Softcuda.CountsOf(Name)!;
        ulong warps = counts.Threads / 32;
        Assert.Equal((1UL, 256UL), (counts.Launches, counts.Threads));
        // 10 instructions of every warp, 6 of the four that have elements, then the end.
        Assert.Equal(warps * 11 + 4 * 6, counts.Issued.Aggregate((a, b) => a + b));
        Assert.Equal(100UL, counts.Lanes[(int)PtxKind.Float32]);
        Assert.Equal(new PtxAccesses(800, 26, 26), counts.Global);
        Assert.Equal(0UL, counts.Shared.Transactions + counts.Local.Transactions + counts.Barriers);
        PtxInstruction load = Assert.Single(Softcuda.InstructionsOf(Name), i => i.Opcode == "ld.global.f32");
        Assert.Equal(("relu.cu", 20, PtxKind.Global, 4UL, 100UL, 13UL), (load.File, load.Line, load.Kind, load.Issued, load.Lanes, load.Transactions));
        Assert.Null(Softcuda.CountsOf("elementwise_relu_f64"));
        Assert.Empty(Softcuda.InstructionsOf("elementwise_relu_f64"));
    }

    [SkippableFact]
    public void Compiled_bodies_run_again_when_the_PTX_is_disposed()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>(TestDevices.Check, [2], [-1f, 2f]);
        using (PtxFile file = new(Relu.Replace("max.f32", "min.f32", StringComparison.Ordinal)))
        using (Softcuda.UsePtx(file.Path))
            Assert.Equal([-1f, 0f], x.Relu().ToArray<float>());
        Assert.Equal([0f, 2f], x.Relu().ToArray<float>());
        Assert.Null(Softcuda.CountsOf(Name));
    }

    [SkippableFact]
    public void The_command_prints_them()
    {
        Softcuda.Require();
        using PtxFile file = new(Relu);
        (int code, string output) = StudyTests.Run("kernel", "relu", "--ptx", file.Path, "--types", "f32", "--sizes", "16", "--lines", "1");
        Assert.Equal(0, code);
        Assert.Contains("relu [n,n], Float32, n = 16", output, StringComparison.Ordinal);
        Assert.Contains($"{Name}: 1 launch, the last grid 1x1x1, block 256x1x1, 0 B shared; 136 instructions, 17.0 per warp, 32.0 lanes active", output, StringComparison.Ordinal);
        Assert.Contains("global memory: 2048 bytes in 64 sectors of 32 bytes, 1.0 times the fewest (64)", output, StringComparison.Ordinal);
        Assert.Matches(@"58\.8 %  relu\.cu:10", output);
        Assert.DoesNotContain("relu.cu:20", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void PTX_that_is_not_there_is_refused_and_what_makes_it_is_named()
    {
        Softcuda.Require();
        (int code, _, string errors) = StudyTests.RunWithErrors("kernel", "relu", "--ptx", "/nowhere/kernels.ptx");
        Assert.Equal(2, code);
        Assert.Contains("/nowhere/kernels.ptx is not there", errors, StringComparison.Ordinal);
        Assert.Contains("--target ptx", errors, StringComparison.Ordinal);
    }

    private sealed class PtxFile : IDisposable
    {
        public PtxFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
