namespace CudaLandscape.Nn.Data;

/// <summary>A straight piece of a stroke, from (X0, Y0) to (X1, Y1), in pixels.</summary>
internal readonly record struct DigitSegment(double X0, double Y0, double X1, double Y1)
{
    /// <summary>Squared distance of a point to the nearest place on the piece.</summary>
    internal double SquaredDistance(double x, double y)
    {
        double dx = X1 - X0, dy = Y1 - Y0, px = x - X0, py = y - Y0;
        double length = dx * dx + dy * dy, along = px * dx + py * dy;
        double part = along <= 0 ? 0 : along >= length ? 1 : along / length;
        double ex = px - part * dx, ey = py - part * dy;
        return ex * ex + ey * ey;
    }
}
