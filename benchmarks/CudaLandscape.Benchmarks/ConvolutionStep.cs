using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/conv_step.py</c>: training steps (forward, backward, SGD with Nesterov's momentum) of the networks of
/// ICLR'19 on random images. It writes the first weights, one batch and the gradients of its loss to a file, prints the losses of
/// the first steps and the bytes of device memory at their peak, and then times as many steps as asked whenever a line comes in.
/// </summary>
internal static class ConvolutionStep
{
    private const int AgreementSteps = 2;

    /// <summary>Arguments: network, activation, batch, steps per round, the file to write.</summary>
    public static void Run(string[] arguments)
    {
        GraphModel model = Network(arguments[0], arguments[1] == "softplus" ? Activation.Softplus(20) : Activation.Sigmoid);
        int batch = int.Parse(arguments[2], CultureInfo.InvariantCulture), steps = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        (int channels, int side) = ((int)model.InputShape[0], (int)model.InputShape[1]);
        using Device device = Device.Open(DeviceId.Default);
        using ParameterSlab parameters = ParameterSlab.Initialize(
            model, device, DType.Float32, new Initializer(InitializerKind.HeNormalRescaled), 1);
        using DeviceSamples first = DeviceSamples.Upload(device, ComparedStep.Images(batch, channels, side, 1));
        using DeviceSamples many = DeviceSamples.Upload(device, ComparedStep.Images(batch * steps, channels, side, 2));
        Export(arguments[4], model, parameters, first);
        TrainingSettings settings = new(
            AgreementSteps, batch, new SgdSettings(1e-3, 0.9, Nesterov: true), Captured: true, Objective: Objective.CrossEntropy);
        device.ResetPeak();
        Trainer.Run(model, parameters, first, settings, ComparedStep.PrintLoss);
        Console.WriteLine(device.PeakBytes);
        Trainer.Run(model, parameters, many, settings with { Epochs = int.MaxValue }, _ => ComparedStep.EndRound(steps));
    }

    private static GraphModel Network(string name, Activation activation) => name switch
    {
        "cnn13" => new Cnn13(activation),
        "vgg11" => new Vgg(11, activation),
        "vgg13" => new Vgg(13, activation),
        "vgg16" => new Vgg(16, activation),
        "densenet121" => new DenseNet(activation),
        _ => throw new ArgumentException($"conv-step: there is no network '{name}'; choose cnn13, vgg11, vgg13, vgg16 or densenet121."),
    };

    // One batch is a whole epoch of the first set, so that the order of samples does not matter to the losses.
    private static void Export(string file, GraphModel model, ParameterSlab parameters, DeviceSamples first)
    {
        using TensorScope scope = new();
        Tensor[] gradients = Gradient.Of(model.Forward(first.Images).CrossEntropy(first.Labels), parameters.Tensors);
        ComparedStep.Export(
            file,
            [
                .. parameters.State.Select(s => SafetensorsTensor.Of(s.Name, s.Value)),
                .. parameters.Parameters.Zip(gradients, (p, g) => SafetensorsTensor.Of($"gradient.{p.Name}", g)),
                SafetensorsTensor.Of("images", first.Images), SafetensorsTensor.Of("labels", first.Labels),
            ]);
    }
}
