#:project ../src/CudaLandscape.Landscape

// The Hessian's largest and smallest eigenvalues while gradient descent trains a network: the edge of stability of Cohen et al.
// (ICLR 2021), where the largest one rises to 2 / learning rate and stays about there.
using CudaLandscape.Interop;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Spectrum;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;
using LossFunction = CudaLandscape.Landscape.CriticalPoints.Objective;

const double Rate = 0.1;
double sharpness = 0;
using Device device = Device.Open(DeviceId.Default);
using TensorScope data = new();
using DeviceSamples digits = DeviceSamples.Upload(device, ProceduralDigits.Generate(count: 200, seed: 1));
Tensor x = digits.Images.Cast(DType.Float64).Reshape([digits.Count, 784]), y = digits.Labels.OneHot(10, DType.Float64);

Sequential model = new([784], new Linear(784, 30), Activation.Tanh, new Linear(30, 10));
using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float64, Initializer.GlorotUniform, seed: 1);
using Optimizer descent = new SgdSettings(Rate).Create(parameters);
Tensor Loss() => model.Forward(x).SquaredLoss(y, LossNormalization.HalfSum).Scale(1.0 / digits.Count);

Console.WriteLine($"{model.ParameterCount} parameters, 2 / rate = {2 / Rate:G3}");
for (int step = 0; step <= 600; step++)
{
    using TensorScope scope = new(); // what a step makes is freed at its end
    if (step % 100 == 0)
    {
        using Curvature curvature = new(LossFunction.Of(parameters, Loss));
        using LanczosResult spectrum = Lanczos.Run(SymmetricOperator.Of(curvature), steps: 30, new RandomStream(Seed: 1, Stream: 0));
        sharpness = spectrum.RitzValues[^1];
        Console.WriteLine($"step {step,4}: loss {curvature.Value:F5}, eigenvalues from {spectrum.RitzValues[0]:F3} to {sharpness:F3}");
    }

    descent.Step(Gradient.Of(Loss(), parameters.Tensors));
}

return Math.Abs(sharpness - 2 / Rate) < 0.2 * 2 / Rate ? 0 : 1; // at the edge
