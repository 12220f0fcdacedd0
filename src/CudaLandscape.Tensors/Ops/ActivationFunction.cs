namespace CudaLandscape.Tensors.Ops;

/// <summary>An activation y = σ(z) as an attribute of an op that ends with one; the default is the identity.</summary>
public readonly record struct ActivationFunction
{
    private ActivationFunction(ActivationKind kind, double alpha = 0) => (Kind, Alpha) = (kind, alpha);

    /// <summary>y = z.</summary>
    public static ActivationFunction Identity => default;

    /// <summary>y = max(z, 0).</summary>
    public static ActivationFunction Relu => new(ActivationKind.Relu);

    /// <summary>y = 1 / (1 + e^-z).</summary>
    public static ActivationFunction Sigmoid => new(ActivationKind.Sigmoid);

    /// <summary>y = tanh z.</summary>
    public static ActivationFunction Tanh => new(ActivationKind.Tanh);

    /// <summary>Which function it is.</summary>
    public ActivationKind Kind { get; }

    /// <summary>The sharpness of a softplus; 0 for the others.</summary>
    public double Alpha { get; }

    /// <summary>y = ln(1 + e^(alpha z)) / alpha.</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not positive and finite.</exception>
    public static ActivationFunction Softplus(double alpha = 1)
    {
        _ = new Softplus(alpha); // refuses a wrong alpha
        return new ActivationFunction(ActivationKind.Softplus, alpha);
    }

    /// <summary>σ(z) by the activation's own op.</summary>
    public Tensor Apply(Tensor z) => Kind switch
    {
        ActivationKind.Relu => z.Relu(),
        ActivationKind.Sigmoid => z.Sigmoid(),
        ActivationKind.Softplus => z.Softplus(Alpha),
        ActivationKind.Tanh => z.Tanh(),
        _ => z.Reshape(z.Shape),
    };

    /// <summary>The derivative of dy/dz with respect to y, where dy/dz is written as a function of y.</summary>
    internal Tensor SlopeDerivative(Tensor y) => Kind switch
    {
        ActivationKind.Sigmoid => y.Scale(-2, 1),
        ActivationKind.Softplus => y.Scale(-Alpha).Exp().Scale(Alpha),
        ActivationKind.Tanh => y.Scale(-2),
        _ => Tensor.Zeros(y.Device, y.Shape, y.DType),
    };
}
