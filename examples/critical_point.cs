#:project ../src/CudaLandscape.Landscape

// Where a small network's loss has a critical point, of which kind, and what rank the hidden layer has there.
using CudaLandscape.Interop;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

using Device device = Device.Open(DeviceId.Default);
using TensorScope scope = new(); // frees every tensor made from here on
Tensor x = RandomTensor.Normal(device, [20, 3], DType.Float64, new RandomStream(Seed: 1, Stream: 0));
Tensor y = x.Square().SumTo([20, 1]);

Sequential hidden = new([3], new Linear("hidden", 3, 8), Activation.Tanh), model = new([3], hidden, new Linear("output", 8, 1));
using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float64, Initializer.GlorotUniform, seed: 1);
Objective loss = Objective.Of(parameters, () => model.Forward(x).SquaredLoss(y, LossNormalization.HalfSum));

GradientDescent.Run(loss, tolerance: 1e-3, maxSteps: 2000);
SearchReport search = GradientNormMinimizer.Run(loss, tolerance: 1e-10);
CriticalPoint point = CriticalPoint.At(loss);
Console.WriteLine($"loss {point.Value:G6}, gradient {search.GradientNorm:G2}: {point.Index} negative and {point.Nullity} zero of {point.Eigenvalues.Length} eigenvalues");

Console.WriteLine(string.Join('\n', RankCertificate.Lines(Rank.Of(hidden.Forward(x)))));

// Gradients are tensors like others and can be differentiated again: here ∂/∂x of ‖∂f/∂x‖².
Tensor input = x.Detach().RequireGradient();
Tensor slope = Gradient.Of(model.Forward(input).Sum(), input, createGraph: true);
Console.WriteLine($"mean of the squared second derivatives along the slope: {Gradient.Of(slope.Square().Sum(), input).Square().Mean().Item():G6}");
return search.Converged && point.Index == 0 ? 0 : 1;
