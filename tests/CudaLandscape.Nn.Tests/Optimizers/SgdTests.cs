using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Optimizers;

[Collection("device")]
public sealed class SgdTests
{
    // 15, 70, 64 and 1 elements: padding after three of them, none after the third.
    private static readonly Shape[] s_shapes = [[3, 5], [70], [4, 16], [1]];
    private static readonly LearningRate s_steps = LearningRate.Steps(0.25, 0.1, 2, 4);

    public static TheoryData<double, bool, double, MomentumForm> Settings
    {
        get
        {
            TheoryData<double, bool, double, MomentumForm> data = [];
            foreach (MomentumForm form in Enum.GetValues<MomentumForm>())
            {
                data.Add(0, false, 0, form);
                data.Add(0, false, 0.1, form);
                data.Add(0.9, false, 0, form);
                data.Add(0.9, true, 0, form);
                data.Add(0.75, true, 0.3, form);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void Six_steps_match_the_formulas_in_float64(double momentum, bool nesterov, double weightDecay, MomentumForm form) =>
        CompareSteps(DType.Float64, new SgdSettings(s_steps, momentum, nesterov, weightDecay, form), 1e-14);

    [Theory, MemberData(nameof(Settings))]
    public void Six_steps_match_the_formulas_in_float32(double momentum, bool nesterov, double weightDecay, MomentumForm form) =>
        CompareSteps(DType.Float32, new SgdSettings(s_steps, momentum, nesterov, weightDecay, form), 2e-6);

    // rate 1/2, μ = 1/2, then rate 1/4; gradients 1 and 0: all numbers are exact.
    [Theory]
    [InlineData(false, MomentumForm.Keras, 0.5, 0.75)]
    [InlineData(false, MomentumForm.PyTorch, 0.5, 0.625)]
    [InlineData(true, MomentumForm.Keras, 0.75, 0.875)]
    [InlineData(true, MomentumForm.PyTorch, 0.75, 0.8125)]
    public void Two_steps_by_hand(bool nesterov, MomentumForm form, double afterOne, double afterTwo)
    {
        using ParameterSlab slab = Slab(new FreeParameters([1]), DType.Float64);
        double start = slab.Tensors[0].Item();
        using Sgd sgd = new(slab, new SgdSettings(LearningRate.Steps(0.5, 0.5, 1), 0.5, nesterov, Form: form));
        using TensorScope scope = new();
        sgd.Step([Tensor.Full(TestDevices.Primary, [1], DType.Float64, 1)]);
        Assert.Equal(afterOne, start - slab.Tensors[0].Item(), 1e-15);
        sgd.Step([Tensor.Full(TestDevices.Primary, [1], DType.Float64, 0)]);
        Assert.Equal(afterTwo, start - slab.Tensors[0].Item(), 1e-15);
    }

    [SkippableTheory, MemberData(nameof(Settings))]
    public void Both_devices_take_the_same_bits(double momentum, bool nesterov, double weightDecay, MomentumForm form)
    {
        SgdSettings settings = new(s_steps, momentum, nesterov, weightDecay, form);
        Assert.Equal(Bits(TestDevices.Primary), Bits(TestDevices.Check));

        byte[] Bits(Device device)
        {
            FreeParameters model = new(s_shapes);
            using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.Parse("normal=1"), 5);
            using Sgd sgd = new(slab, settings);
            for (int step = 0; step < 3; step++)
            {
                using TensorScope scope = new();
                sgd.Step([.. s_shapes.Select((shape, i) => TestData.Spread(shape, step + i).ToTensor(device, DType.Float32))]);
            }

            return slab.Values.ToBytes();
        }
    }

    private static void CompareSteps(DType type, SgdSettings settings, double tolerance)
    {
        FreeParameters model = new(s_shapes);
        using ParameterSlab slab = Slab(model, type);
        using Sgd sgd = new(slab, settings);
        SgdReference[] references = [.. slab.Tensors.Select(t => new SgdReference(HostArray.Read(t), settings))];
        for (int step = 1; step <= 6; step++)
        {
            using TensorScope scope = new();
            HostArray[] gradients = [.. s_shapes.Select((shape, i) => TestData.Spread(shape, 10 * step + i).Rounded())];
            sgd.Step([.. gradients.Select(g => g.ToTensor(TestDevices.Primary, type))]);
            for (int i = 0; i < references.Length; i++)
            {
                references[i].Step(gradients[i].Values);
                Close.Relative(references[i].Values, HostArray.Read(slab.Tensors[i]), tolerance, $"p{i} after step {step}");
            }
        }

        double[] all = HostArray.Read(slab.Values);
        Assert.All((double[])[.. all[15..64], .. all[(64 + 70)..192], .. all[257..]], x => Assert.Equal(0, x));
    }

    private static ParameterSlab Slab(Module model, DType type) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.Parse("normal=1"), 5);
}
