using System.Text.Json;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Optimizers;

/// <summary>The ways optimizers take, against PyTorch's, which Fixtures/make_fixtures.py wrote to Fixtures/optimizers.json.</summary>
[Collection("device")]
public sealed class PyTorchTrajectoryTests
{
    private static readonly Dictionary<string, OptimizerSettings> s_settings = new()
    {
        ["sgd"] = new SgdSettings(0.5),
        ["sgd weight decay"] = new SgdSettings(0.5, WeightDecay: 0.05),
        ["momentum"] = new SgdSettings(0.5, 0.9),
        ["nesterov"] = new SgdSettings(0.5, 0.9, Nesterov: true),
        ["nesterov weight decay"] = new SgdSettings(0.5, 0.9, Nesterov: true, WeightDecay: 0.05),
        ["nesterov steps"] = new SgdSettings(
            LearningRate.TenthAtHalfAndThreeQuarters(0.5, 30), 0.9, Nesterov: true, Form: MomentumForm.PyTorch),
        ["momentum exponential"] = new SgdSettings(LearningRate.Exponential(0.5, 0.9), 0.9, Form: MomentumForm.PyTorch),
        ["momentum staircase"] = new SgdSettings(LearningRate.Exponential(0.5, 0.5, 7), 0.9, Form: MomentumForm.PyTorch),
        ["adam"] = new AdamSettings(0.1),
        ["adam betas"] = new AdamSettings(0.1, 0.5, 0.9, 1e-3),
        ["adam inverse time"] = new AdamSettings(LearningRate.InverseTime(0.1, 0.2)),
    };

    private static readonly JsonElement s_fixtures = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "optimizers.json"))).RootElement;

    public static TheoryData<string> Names => [.. s_fixtures.GetProperty("cases").EnumerateObject().Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Thirty_steps_agree_with_PyTorch_in_float64(string name) => Compare(name, DType.Float64, 1e-13);

    [Theory, MemberData(nameof(Names))]
    public void Thirty_steps_agree_with_PyTorch_in_float32(string name) => Compare(name, DType.Float32, 2e-6);

    private static void Compare(string name, DType type, double tolerance)
    {
        int[] after = s_fixtures.GetProperty("after").Deserialize<int[]>()!;
        double[][] expected = s_fixtures.GetProperty("cases").GetProperty(name).GetProperty(type.Suffix()).Deserialize<double[][]>()!;
        using Problem problem = new(type, s_settings[name]);
        for (int step = 1; step <= after[^1]; step++)
        {
            problem.Step();
            int k = Array.IndexOf(after, step);
            if (k >= 0) Close.Relative(expected[k], problem.Values, tolerance, $"{name}, {type}, after step {step}");
        }
    }

    // minimise the mean of (sigmoid(x w + b) - t)²
    private sealed class Problem : IDisposable
    {
        private readonly DType _type;
        private readonly ParameterSlab _slab;
        private readonly Optimizer _optimizer;

        public Problem(DType type, OptimizerSettings settings)
        {
            _type = type;
            _slab = ParameterSlab.Initialize(new FreeParameters([4, 3], [3]), TestDevices.Primary, type, Initializer.GlorotUniform, 1);
            using TensorScope scope = new();
            _slab.Tensors[0].CopyFrom(Formula([4, 3], 2));
            _slab.Tensors[1].CopyFrom(Formula([3], 3));
            _optimizer = settings.Create(_slab);
        }

        public double[] Values => [.. _slab.Tensors.SelectMany(HostArray.Read)];

        public void Step()
        {
            using TensorScope scope = new();
            Tensor[] p = _slab.Tensors;
            Tensor y = (Formula([6, 4], 0).MatMul(p[0]) + p[1]).Sigmoid();
            _optimizer.Step(Gradient.Of(y.SquaredLoss(Formula([6, 3], 1), LossNormalization.PerEntry), p));
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _slab.Dispose();
        }

        private Tensor Formula(Shape shape, int seed)
        {
            HostArray x = HostArray.Zeros(shape);
            for (int i = 0; i < x.Values.Length; i++) x.Values[i] = 1.5 * Math.Sin(1 + seed + 0.7 * i);
            return x.ToTensor(TestDevices.Primary, _type);
        }
    }
}
