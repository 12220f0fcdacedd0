namespace CudaLandscape.Landscape.Paths;

/// <summary>How a curve follows its control points.</summary>
public enum CurveShape
{
    /// <summary>A Bézier curve: the weights of the k + 1 control points are Bernstein's polynomials C(k, i) tⁱ (1 - t)^{k-i}.</summary>
    Bezier,

    /// <summary>A polygonal chain through the control points, each stretch the same share of t.</summary>
    PolygonalChain,
}
