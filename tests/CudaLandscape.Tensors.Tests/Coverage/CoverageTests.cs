using System.Text.RegularExpressions;
using System.Xml.Linq;
using CudaLandscape.Tensors.Tests.Table;
using CudaLandscape.TestKit.Benchmarks;
using CudaLandscape.TestKit.Table;

namespace CudaLandscape.Tensors.Tests.Coverage;

/// <summary>No op without rows, kernels and benchmark; no kernel without an op; one page that says so.</summary>
[Collection("device")]
public sealed partial class CoverageTests
{
    // Kernels that no op launches, and what tests them instead.
    private static readonly Dictionary<string, string> s_withoutOp = new()
    {
        ["chain_link"] = "overlapping launches: KernelTests of Interop",
        ["conv2d_winograd_dgrad"] = "where it pays, on the fast device: WinogradTests",
        ["conv2d_winograd_fprop"] = "where it pays, on the fast device: WinogradTests",
        ["conv2d_winograd_fprop_bias_activation"] = "where it pays, on the fast device: WinogradTests",
        ["conv2d_winograd_sum"] = "where it pays, on the fast device: WinogradTests",
        ["conv2d_winograd_weights"] = "where it pays, on the fast device: WinogradTests",
        ["conv2d_winograd_wgrad"] = "where it pays, on the fast device: WinogradTests",
        ["elementwise_fill"] = "Tensor.Full: LifetimeTests",
        ["figure1_gradient"] = "a whole training step: FusedTrainingTests",
        ["figure1_memory"] = "the memory of a whole training step: FusedTrainingTests",
        ["figure1_reduce"] = "a whole training step: FusedTrainingTests",
        ["layout_advance"] = "the batch cursor, in place: the training tests",
        ["layout_diagonal"] = "the rank, on a triangular factor: RankTests",
        ["optimizer_adam"] = "in place: AdamTests",
        ["optimizer_adam_advance"] = "in place: AdamTests",
        ["optimizer_sgd"] = "in place: SgdTests",
        ["optimizer_sgd_advance"] = "in place: SgdTests",
        ["permutation_compare_exchange"] = "RandomTests",
        ["permutation_fill"] = "RandomTests",
        ["random_advance"] = "in place: GeneratorTests",
        ["random_normal"] = "RandomTests",
        ["random_truncated_normal"] = "RandomTests",
        ["random_uniform"] = "RandomTests",
    };

    public static TheoryData<string> BenchmarkRows => [.. BenchmarkTable.Rows.Select(row => row.ToString())];

    [Fact]
    public void Every_op_has_a_row() => Assert.Empty(OpFacts.Types.Keys.Except(OpTable.Rows.Select(row => row.Op)));

    // The identity takes every tensor.
    [Fact]
    public void Every_op_but_the_identity_has_a_bad_input() =>
        Assert.Equal("identity", string.Join(" ", OpFacts.Types.Keys.Except(BadInputRow.All.Select(row => row.Op))));

    [Fact]
    public void Every_op_has_a_benchmark()
    {
        Assert.Empty(OpFacts.Types.Keys.Except(BenchmarkTable.Rows.Select(row => row.Op)));
        Assert.Empty(BenchmarkTable.Rows.Select(row => row.Op).Except(OpFacts.Types.Keys));
    }

    [SkippableFact]
    public void Every_op_but_a_view_has_a_kernel_or_a_library_call()
    {
        Softcuda.Require();
        Assert.Equal(OpFacts.Views.Order(), OpFacts.All.Where(facts => !facts.Work.Names().Any()).Select(facts => facts.Op));
    }

    [SkippableFact]
    public void Every_kernel_is_launched_by_a_row_of_an_op()
    {
        Softcuda.Require();
        OpWork work = OpFacts.All.Select(facts => facts.Work).Aggregate((a, b) => a.And(b)).And(OpWork.Of(RunTable));
        string[] without = [.. Softcuda.Kernels().Except(work.Kernels)];
        string[] names = [.. without.Select(kernel => Type().Replace(kernel, "")).Where(name => !TensorCores().IsMatch(name)).Distinct()];
        Assert.True(names.All(s_withoutOp.ContainsKey), $"launched by no row: {string.Join(" ", without)}");
        Assert.Empty(s_withoutOp.Keys.Except(names));
    }

    // A row that ran more than its op would time something else.
    [Theory, MemberData(nameof(BenchmarkRows))]
    public void A_benchmark_runs_its_op_alone_and_gives_numbers(string name)
    {
        BenchmarkRow row = BenchmarkTable.Get(name);
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            OpFacts.WithCall(row, TestDevices.Primary, type, requireGradients: true, call =>
            {
                Tensor y = call();
                Assert.Equal(row.Op, y.Node?.Op?.Name ?? y.Name);
                Assert.All(y.Node?.Inputs ?? [], node => Assert.True(node is null || node.IsLeaf, $"{name} runs more than one op"));
                Assert.All(HostArray.Read(y), value => Assert.True(double.IsFinite(value), $"{name}: {value}"));
                return y.ElementCount;
            });
        }
    }

    [Theory]
    [InlineData("y = 1 where x &gt; 0, else <paramref name=\"otherwise\"/>; NaN stays NaN.", "y = 1 where x > 0, else otherwise")]
    [InlineData("y = <c>x W</c>, see\n  <see cref=\"M:A.B.Product\"/>. More.", "y = x W, see Product")]
    [InlineData("y = |x|.", "y = \\|x\\|")]
    public void A_formula_is_the_first_sentence_with_the_names_it_refers_to(string summary, string formula) =>
        Assert.Equal(formula, CoveragePage.Formula(XElement.Parse($"<member><summary>\n{summary}\n</summary></member>")));

    [SkippableFact]
    public void The_page_of_ops_is_up_to_date()
    {
        Softcuda.Require();
        Skip.IfNot(CoveragePage.CanBeMade, "the sources or their documentation are not here");
        string page = CoveragePage.Generate();
        if (CoveragePage.ShallBeWritten) File.WriteAllText(CoveragePage.Path, page);
        Assert.True(File.Exists(CoveragePage.Path) && page == File.ReadAllText(CoveragePage.Path),
            $"{CoveragePage.Path} is not what the suite finds now. Write it anew: {CoveragePage.Command}");
    }

    private static void RunTable()
    {
        foreach (OpRow row in OpTable.Rows)
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Float64])
            {
                using TensorScope scope = new();
                row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(TestDevices.Check, type)));
                TestDevices.Check.Synchronize();
            }
        }
    }

    // Launched by the ops of convolution in a precision other than float32: Conv2dPrecisionTests.
    [GeneratedRegex("^conv2d_(fprop|fprop_bias_activation|dgrad|wgrad)_tf32(x3)?_")]
    private static partial Regex TensorCores();

    [GeneratedRegex("_(f32|f64|i32|u8)$")]
    private static partial Regex Type();
}
