using System.Globalization;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Initializers;

/// <summary>
/// How weights are drawn. fan_in is the number of inputs of one output neuron, fan_out the number of outputs one input feeds
/// (both times the kernel's area for a convolution). Biases are zero, except under <c>normal=S</c>.
/// </summary>
/// <param name="Kind">The distribution.</param>
/// <param name="StandardDeviation">S of <c>normal=S</c>; unused otherwise.</param>
public readonly record struct Initializer(InitializerKind Kind, double StandardDeviation = 0)
{
    /// <summary>Names accepted by <see cref="Parse"/>.</summary>
    public const string Names = "glorot_uniform, glorot_normal, he_normal, normal=S";

    /// <summary>Keras' default: uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, AISTATS'10).</summary>
    public static Initializer GlorotUniform => new(InitializerKind.GlorotUniform);

    /// <summary>The initializer of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Initializer Parse(string text)
    {
        if (text.StartsWith("normal=", StringComparison.Ordinal)
            && double.TryParse(text[7..], NumberStyles.Float, CultureInfo.InvariantCulture, out double deviation)
            && deviation > 0 && double.IsFinite(deviation))
            return new Initializer(InitializerKind.Normal, deviation);
        return text switch
        {
            "glorot_uniform" => GlorotUniform,
            "glorot_normal" => new Initializer(InitializerKind.GlorotNormal),
            "he_normal" => new Initializer(InitializerKind.HeNormal),
            _ => throw new ArgumentException($"There is no initializer '{text}'; choose one of {Names} (S > 0)."),
        };
    }

    /// <summary>Weights of the given shape.</summary>
    public Tensor Weights(Device device, Shape shape, DType type, RandomStream stream, long fanIn, long fanOut)
    {
        double limit = Math.Sqrt(6.0 / (fanIn + fanOut));
        return Kind switch
        {
            InitializerKind.GlorotUniform => RandomTensor.Uniform(device, shape, type, stream, -limit, limit),
            InitializerKind.GlorotNormal =>
                RandomTensor.TruncatedNormal(device, shape, type, stream, 0, Math.Sqrt(2.0 / (fanIn + fanOut))),
            InitializerKind.HeNormal => RandomTensor.TruncatedNormal(device, shape, type, stream, 0, Math.Sqrt(2.0 / fanIn)),
            _ => RandomTensor.Normal(device, shape, type, stream, 0, StandardDeviation),
        };
    }

    /// <summary>Biases of the given shape.</summary>
    public Tensor Biases(Device device, Shape shape, DType type, RandomStream stream) => Kind == InitializerKind.Normal
        ? RandomTensor.Normal(device, shape, type, stream, 0, StandardDeviation)
        : Tensor.Zeros(device, shape, type);

    /// <summary>The name <see cref="Parse"/> takes.</summary>
    public override string ToString() => Kind switch
    {
        InitializerKind.GlorotUniform => "glorot_uniform",
        InitializerKind.GlorotNormal => "glorot_normal",
        InitializerKind.HeNormal => "he_normal",
        _ => string.Create(CultureInfo.InvariantCulture, $"normal={StandardDeviation:R}"),
    };
}
