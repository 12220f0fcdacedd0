using System.Globalization;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>A tensor as <see cref="NonFiniteValueException"/> shows it.</summary>
/// <param name="Role">What it is to the op: <c>result</c>, <c>input 0</c>, <c>dy</c>.</param>
/// <param name="Name">The tensor's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Magnitude">Its largest absolute value, NaN when any element is NaN; 0 for integers.</param>
public sealed record CheckedTensor(string Role, string Name, Shape Shape, DType Type, double Magnitude)
{
    /// <summary>Whether all elements are finite.</summary>
    public bool IsFinite => double.IsFinite(Magnitude);

    /// <summary>Role, name, shape, type and largest magnitude.</summary>
    public override string ToString()
    {
        string largest = Type.IsFloat() ? string.Create(CultureInfo.InvariantCulture, $", largest magnitude {Magnitude:G6}") : "";
        return $"{Role} '{Name}' {Shape} {Type}{largest}";
    }
}
