using CudaLandscape.Tensors;
using Xunit.Abstractions;

namespace CudaLandscape.Landscape.Tests.Linalg.Mutants;

/// <summary>
/// Which case catches which wrong way to a rank. The right ways pass every case; every wrong one fails at least the cases that the
/// table says. Where the table says nothing of a wrong way it may be right, by luck or since the case is not meant for it.
/// </summary>
[Collection("device")]
public sealed class RankMutantTests(ITestOutputHelper output)
{
    private const int RightWays = 2;

    // Columns in the order of RankRoutes: "F" fails, "." is not caught.
    private static readonly Dictionary<string, string> s_expected = new()
    {
        ["condition 1e12"] = "..FFF.F.F....",
        ["7 behind a gap"] = "..FF....F.FF.",
        ["no gap, 1 to 1e-20"] = "..FF.FF.F.FF.",
        ["a few below the threshold, no gap"] = "..FF.FF.F.FF.",
        ["equal, zero, combined and tiny columns"] = "..FF....F.FFF",
        ["wide"] = "..FFF.F.FFF..",
        ["scaled by 2⁻⁶⁰⁰"] = "..FFF.FFF.F..",
        ["Kahan's matrix"] = "..F..FFFF.FF.",
        ["20 equal at σ_min"] = "..FF..F.F....",
        ["3 at 60 ε"] = "..F..FF......",
        ["linear convolution, 2 filters"] = "..FF....F.FF.",
        ["linear convolution, 3 filters"] = "..FF....F.FF.",
        ["Hadamard's matrix"] = "...F...FF....",
        ["flat, and two at 25 ε"] = "..FF.FFFF....",
    };

    public static TheoryData<string> Cases() => [.. RankCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_catches_whom_the_table_says(string name)
    {
        (_, Func<HostArray> matrix, Func<RankAnswer, bool> isRight) = RankCases.All.Single(c => c.Name == name);
        HostArray f = matrix();
        string found = string.Concat(RankRoutes.All.Select(route => IsRight(route.Rank, f, isRight) ? '.' : 'F'));
        output.WriteLine($"[\"{name}\"] = \"{found}\",");
        string expected = s_expected[name];
        Assert.Equal(expected[..RightWays], found[..RightWays]);
        for (int way = RightWays; way < expected.Length; way++)
            Assert.True(expected[way] == '.' || found[way] == 'F', $"{RankRoutes.All[way].Name} is not caught");
    }

    // The theory above holds what the table says; this holds that no case and no way is left out of it.
    [Fact]
    public void The_table_has_every_case_and_one_that_catches_each_wrong_way()
    {
        Assert.Equal(RankCases.All.Select(c => c.Name).Order(), s_expected.Keys.Order());
        for (int route = 0; route < RankRoutes.All.Length; route++)
        {
            bool caught = s_expected.Values.Any(row => row[route] == 'F');
            Assert.True(caught == route >= RightWays, $"{RankRoutes.All[route].Name}: {(caught ? "caught" : "not caught")}");
        }
    }

    // A way that throws on a matrix of finite numbers is wrong on it.
    private static bool IsRight(Func<Tensor, RankAnswer> rank, HostArray f, Func<RankAnswer, bool> isRight)
    {
        using TensorScope scope = new();
        try
        {
            return isRight(rank(f.ToTensor(TestDevices.Primary, DType.Float64)));
        }
        catch (ArithmeticException)
        {
            return false;
        }
    }
}
