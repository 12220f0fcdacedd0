using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>Dense factorisations as plain double loops: elimination, Cholesky, and Jacobi rotations; no engine code.</summary>
public static class DenseLoops
{
    private const int Sweeps = 30;

    /// <summary>(A + Aᵀ) / 2.</summary>
    public static HostArray Symmetrized(HostArray a)
    {
        HostArray s = HostArray.Zeros(a.Shape);
        for (long r = 0; r < a.Shape[0]; r++)
        {
            for (long c = 0; c < a.Shape[1]; c++) s[r, c] = (a[r, c] + a[c, r]) / 2;
        }

        return s;
    }

    /// <summary>The lower L with L Lᵀ = (A + Aᵀ) / 2, row by row.</summary>
    public static HostArray Cholesky(HostArray a)
    {
        HostArray s = Symmetrized(a), l = HostArray.Zeros(a.Shape);
        for (long r = 0; r < a.Shape[0]; r++)
        {
            for (long c = 0; c <= r; c++)
            {
                double rest = s[r, c];
                for (long k = 0; k < c; k++) rest -= l[r, k] * l[c, k];
                l[r, c] = r == c ? Math.Sqrt(rest) : rest / l[c, c];
            }
        }

        return l;
    }

    /// <summary>X with op(A) X = B by Gauss-Jordan elimination with row exchanges.</summary>
    public static HostArray Solve(HostArray a, HostArray b, bool transpose)
    {
        (long n, long m) = (b.Shape[0], b.Shape[1]);
        double[][] rows = [.. Enumerable.Range(0, (int)n).Select(r => (double[])
            [.. Enumerable.Range(0, (int)n).Select(c => transpose ? a[c, r] : a[r, c]), .. Enumerable.Range(0, (int)m).Select(c => b[r, c])])];
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, (int)n - k).MaxBy(r => Math.Abs(rows[r][k]));
            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            foreach (double[] row in rows.Where(r => r != rows[k]))
            {
                double factor = row[k] / rows[k][k];
                for (int c = k; c < n + m; c++) row[c] -= factor * rows[k][c];
            }
        }

        return new HostArray(b.Shape, [.. rows.SelectMany((row, k) => row[(int)n..].Select(x => x / row[k]))]);
    }

    /// <summary>
    /// σ descending and the columns of U[m,n] and V[n,n] of a tall A = U diag(σ) Vᵀ: columns are rotated in pairs until they
    /// are orthogonal (Hestenes, 1958).
    /// </summary>
    public static (double[] Values, double[][] U, double[][] V) Singular(HostArray a)
    {
        int n = (int)a.Shape[1];
        double[][] u = [.. Enumerable.Range(0, n).Select(c => Column(a, c))];
        double[][] v = [.. Enumerable.Range(0, n).Select(c => Array.ConvertAll(new double[n], _ => 0.0))];
        for (int i = 0; i < n; i++) v[i][i] = 1;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++) Orthogonalize(u, v, p, q);
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => Dot(u[i], u[i]))];
        double[] values = Array.ConvertAll(order, i => Math.Sqrt(Dot(u[i], u[i])));
        double[][] left = [.. order.Select((i, k) => Array.ConvertAll(u[i], x => x / values[k]))];
        return (values, left, [.. order.Select(i => v[i])]);
    }

    /// <summary>Eigenvalues rising and eigenvectors of (A + Aᵀ) / 2: the singular ones of the matrix shifted to be positive.</summary>
    public static (double[] Values, double[][] Vectors) Eigen(HostArray a)
    {
        HostArray s = Symmetrized(a);
        double shift = 1 + s.Values.Sum(Math.Abs);
        for (long i = 0; i < s.Shape[0]; i++) s[i, i] += shift;
        (double[] values, _, double[][] vectors) = Singular(s);
        return ([.. values.Select(x => x - shift).Reverse()], [.. vectors.Reverse()]);
    }

    /// <summary>Σ_k weight(k) left_k right_kᵀ.</summary>
    public static HostArray Expand(double[][] left, double[][] right, Func<int, double> weight)
    {
        HostArray y = HostArray.Zeros([left[0].Length, right[0].Length]);
        for (int k = 0; k < left.Length; k++)
        {
            for (int r = 0; r < left[k].Length; r++)
            {
                for (int c = 0; c < right[k].Length; c++) y[r, c] += weight(k) * left[k][r] * right[k][c];
            }
        }

        return y;
    }

    private static void Orthogonalize(double[][] u, double[][] v, int p, int q)
    {
        double alpha = Dot(u[p], u[p]), beta = Dot(u[q], u[q]), gamma = Dot(u[p], u[q]);
        if (gamma == 0) return;
        double zeta = (beta - alpha) / (2 * gamma);
        double t = Math.CopySign(1, zeta) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
        double cosine = 1 / Math.Sqrt(1 + t * t), sine = cosine * t;
        foreach (double[][] columns in (double[][][])[u, v])
        {
            (double[] x, double[] y) = (columns[p], columns[q]);
            for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (cosine * x[i] - sine * y[i], sine * x[i] + cosine * y[i]);
        }
    }

    private static double[] Column(HostArray a, long c) => [.. Enumerable.Range(0, (int)a.Shape[0]).Select(r => a[r, c])];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
