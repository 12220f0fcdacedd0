using System.Globalization;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Initializers;

/// <summary>
/// How weights are drawn. fan_in is the number of inputs of one output neuron, fan_out the number of outputs one input feeds
/// (both times the kernel's area for a convolution). Biases are zero, except under <c>normal=S</c>.
/// </summary>
/// <param name="Kind">The distribution.</param>
/// <param name="Parameter">S of <c>normal=S</c>, L of <c>residual=L</c>, G of <c>orthogonal=G</c>; unused otherwise.</param>
public readonly record struct Initializer(InitializerKind Kind, double Parameter = 0)
{
    /// <summary>Names accepted by <see cref="Parse"/>.</summary>
    public const string Names =
        "glorot_uniform, glorot_normal, glorot_normal_rescaled, he_normal, he_normal_rescaled, orthogonal, orthogonal=G, "
        + "residual=L, identity_residual=L, normal=S";

    /// <summary>Standard deviation of the normal distribution cut off at two of its own.</summary>
    public const double TruncatedDeviation = 0.87962566103423978;

    private static readonly (string Name, InitializerKind Kind, double? Default)[] s_choices =
    [
        ("glorot_uniform", InitializerKind.GlorotUniform, 0),
        ("glorot_normal", InitializerKind.GlorotNormal, 0),
        ("glorot_normal_rescaled", InitializerKind.GlorotNormalRescaled, 0),
        ("he_normal", InitializerKind.HeNormal, 0),
        ("he_normal_rescaled", InitializerKind.HeNormalRescaled, 0),
        ("orthogonal", InitializerKind.Orthogonal, 1),
        ("residual", InitializerKind.Residual, null),
        ("identity_residual", InitializerKind.IdentityResidual, null),
        ("normal", InitializerKind.Normal, null),
    ];

    /// <summary>Keras' default: uniform in ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, AISTATS'10).</summary>
    public static Initializer GlorotUniform => new(InitializerKind.GlorotUniform);

    /// <summary>The initializer of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Initializer Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        foreach ((string name, InitializerKind kind, double? standard) in s_choices)
        {
            if (name != parts[0]) continue;
            if (parts.Length == 1 && standard is { } value) return new Initializer(kind, value);
            if (parts.Length == 2 && standard != 0 && IsPositive(parts[1], out double given)) return new Initializer(kind, given);
        }

        throw new ArgumentException($"There is no initializer '{text}'; choose one of {Names} (G, L, S > 0).");
    }

    /// <summary>Weights of the given shape.</summary>
    /// <exception cref="ArgumentException">The shape is no matrix or kernel, where the kind needs one.</exception>
    public Tensor Weights(Device device, Shape shape, DType type, RandomStream stream, long fanIn, long fanOut) => Kind switch
    {
        InitializerKind.GlorotUniform => RandomTensor.Uniform(
            device, shape, type, stream, -Math.Sqrt(6.0 / (fanIn + fanOut)), Math.Sqrt(6.0 / (fanIn + fanOut))),
        InitializerKind.Orthogonal => OrthogonalWeights(device, shape, type, stream),
        InitializerKind.Residual => RandomTensor.Normal(device, shape, type, stream, 0, Math.Sqrt(1 / (fanIn * Parameter))),
        InitializerKind.IdentityResidual => NearIdentity(device, shape, type, stream, Math.Sqrt(1 / (fanIn * Parameter))),
        InitializerKind.Normal => RandomTensor.Normal(device, shape, type, stream, 0, Parameter),
        _ => RandomTensor.TruncatedNormal(device, shape, type, stream, 0, TruncatedScale(fanIn, fanOut)),
    };

    /// <summary>Biases of the given shape.</summary>
    public Tensor Biases(Device device, Shape shape, DType type, RandomStream stream) => Kind == InitializerKind.Normal
        ? RandomTensor.Normal(device, shape, type, stream, 0, Parameter)
        : Tensor.Zeros(device, shape, type);

    /// <summary>The name <see cref="Parse"/> takes.</summary>
    public override string ToString()
    {
        InitializerKind kind = Kind;
        (string name, _, double? standard) = s_choices.Single(choice => choice.Kind == kind);
        return Parameter == standard ? name : string.Create(CultureInfo.InvariantCulture, $"{name}={Parameter:R}");
    }

    private static bool IsPositive(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value > 0 && double.IsFinite(value);

    private double TruncatedScale(long fanIn, long fanOut)
    {
        bool glorot = Kind is InitializerKind.GlorotNormal or InitializerKind.GlorotNormalRescaled;
        bool rescaled = Kind is InitializerKind.GlorotNormalRescaled or InitializerKind.HeNormalRescaled;
        return Math.Sqrt(2.0 / (glorot ? fanIn + fanOut : fanIn)) / (rescaled ? TruncatedDeviation : 1);
    }

    private Tensor OrthogonalWeights(Device device, Shape shape, DType type, RandomStream stream)
    {
        if (shape.Rank < 2 || shape.ElementCount == 0)
            throw new ArgumentException($"orthogonal: expects weights [out,in] or [K,C,R,S], got {shape}; choose another initializer.");
        using TensorScope scope = new();
        Tensor matrix = RandomOrthogonal.Draw(device, shape[0], shape.ElementCount / shape[0], DType.Float64, stream);
        return scope.Return(matrix.Scale(Parameter).Cast(type).Reshape(shape));
    }

    private static Tensor NearIdentity(Device device, Shape shape, DType type, RandomStream stream, double deviation)
    {
        if (shape.Rank != 2 || shape[0] != shape[1])
            throw new ArgumentException($"identity_residual: expects square weights [n,n], got {shape}; choose another initializer.");
        using TensorScope scope = new();
        Tensor ones = Tensor.Full(device, shape, DType.Float64, 1);
        Tensor identity = ones.Triangle(upper: true) * ones.Triangle(upper: false);
        return scope.Return((identity + RandomTensor.Normal(device, shape, DType.Float64, stream, 0, deviation)).Cast(type));
    }
}
