// cuBLAS level 2: gemv over a grid of blocks fixed by the matrix's size; partial sums are added in order.
#include "blas_common.h"

using namespace softcuda;

namespace {

// y = alpha * op(A) * x + beta * y, with x and y described by their first logical element and step.
template <typename T>
struct Gemv {
    bool trans;
    int64_t m, n;
    const T* a;
    int64_t lda;

    int64_t outputs() const { return trans ? n : m; }
    int64_t inputs() const { return trans ? m : n; }
    const T* a_at(int64_t output, int64_t input) const {
        return a + (trans ? input + output * lda : output + input * lda);
    }
};

constexpr double kBlockElements = 65536;
constexpr double kMostBlocks = 32;
constexpr int64_t kSmallestColumns = 128;
constexpr int64_t kSmallestRows = 2048;
constexpr int64_t kLargestInputs = 4096;
constexpr int64_t kLargestOutputs = int64_t{1} << 30;

struct GemvBlocks {
    int64_t outputs, inputs, output_count, input_count;
};

// Columns are split first, which keeps a block's memory in one piece. Blocks of inputs are also kept short because
// OpenBLAS adds one product after the other, which costs accuracy in float.
template <typename T>
GemvBlocks plan_blocks(const Gemv<T>& g) {
    double elements = static_cast<double>(g.m) * static_cast<double>(g.n);
    auto wanted = static_cast<int64_t>(std::clamp(elements / kBlockElements, 1.0, kMostBlocks));
    int64_t by_column = std::clamp(g.n / kSmallestColumns, int64_t{1}, wanted);
    int64_t by_row = std::clamp(g.m / kSmallestRows, int64_t{1}, wanted / by_column);
    GemvBlocks blocks{std::min(kLargestOutputs, ceil_div(g.outputs(), g.trans ? by_column : by_row)),
                      std::min(kLargestInputs, ceil_div(g.inputs(), g.trans ? by_row : by_column)), 0, 0};
    blocks.output_count = ceil_div(g.outputs(), blocks.outputs);
    blocks.input_count = ceil_div(g.inputs(), blocks.inputs);
    return blocks;
}

// sum += op(A) * x over one block of A.
template <typename T>
void gemv_block(bool trans, int64_t outputs, int64_t inputs, const T* a, int64_t lda, const T* x, T* sum) {
    int rows = static_cast<int>(trans ? inputs : outputs), columns = static_cast<int>(trans ? outputs : inputs);
    int operation = trans ? kTrans : kNoTrans;
    BlasThreads one(1);
    if (lda <= INT_MAX) {
        Blas<T>::gemv(kColumnMajor, operation, rows, columns, T(1), a, static_cast<int>(lda), x, 1, T(1), sum, 1);
        return;
    }
    // OpenBLAS takes 32-bit leading dimensions; a single column has none.
    for (int j = 0; j < columns; j++) {
        Blas<T>::gemv(kColumnMajor, operation, rows, 1, T(1), a + j * lda, rows, x + (trans ? 0 : j), 1, T(1),
                      sum + (trans ? j : 0), 1);
    }
}

// Sums op(A) * x into parts, one slice of outputs() elements per block of inputs.
template <typename T>
void gemv_parts(const Gemv<T>& g, const GemvBlocks& blocks, const T* x, T* parts) {
    for_tiles(blocks.output_count * blocks.input_count, [&](int64_t index) {
        int64_t output = index % blocks.output_count * blocks.outputs;
        int64_t slice = index / blocks.output_count, input = slice * blocks.inputs;
        int64_t outputs = std::min(blocks.outputs, g.outputs() - output);
        T* sum = parts + slice * g.outputs() + output;
        std::fill_n(sum, outputs, T(0));
        gemv_block(g.trans, outputs, std::min(blocks.inputs, g.inputs() - input), g.a_at(output, input), g.lda,
                   x + input, sum);
    });
}

// BLAS walks a vector with a negative step from its far end.
template <typename T>
T* first_element(T* x, int64_t n, int64_t step) {
    return step < 0 ? x + (1 - n) * step : x;
}

template <typename T>
std::unique_ptr<T[]> gather(const T* x, int64_t n, int64_t step) {
    auto dense = scratch<T>(n);
    const T* first = first_element(x, n, step);
    for (int64_t i = 0; i < n; i++) {
        dense[i] = first[i * step];
    }
    return dense;
}

// beta == 0 must not read y: uninitialised memory may hold NaN.
template <typename T>
void combine(int64_t n, T alpha, const T* parts, int64_t slices, T beta, T* y, int64_t step) {
    T* first = first_element(y, n, step);
    for (int64_t i = 0; i < n; i++) {
        T sum = 0;
        for (int64_t s = 0; s < slices; s++) {
            sum += parts[s * n + i];
        }
        T kept = beta == T(0) ? T(0) : beta * first[i * step];
        first[i * step] = slices == 0 ? kept : alpha * sum + kept;
    }
}

template <typename T>
void gemv_any(const Gemv<T>& g, T alpha, const T* x, int64_t step_x, T beta, T* y, int64_t step_y) {
    GemvBlocks blocks = plan_blocks(g);
    int64_t slices = alpha == T(0) ? 0 : blocks.input_count;
    auto parts = scratch<T>(slices * g.outputs());
    if (slices > 0) {
        auto dense = step_x == 1 ? nullptr : gather(x, g.inputs(), step_x);
        gemv_parts(g, blocks, dense ? dense.get() : x, parts.get());
    }
    combine(g.outputs(), alpha, parts.get(), slices, beta, y, step_y);
}

template <typename T>
cublasStatus_t gemv(cublasHandle_t handle, int trans, int64_t m, int64_t n, const T* alpha, const T* a, int64_t lda,
                    const T* x, int64_t incx, const T* beta, T* y, int64_t incy) {
    if (!cublas_alive(handle)) {
        return CUBLAS_STATUS_NOT_INITIALIZED;
    }
    if (!valid_operation(trans) || m < 0 || n < 0 || lda < std::max<int64_t>(1, m) || incx == 0 || incy == 0) {
        return CUBLAS_STATUS_INVALID_VALUE;
    }
    // As in the reference BLAS an empty matrix leaves y alone, whatever beta is.
    if (m == 0 || n == 0) {
        return CUBLAS_STATUS_SUCCESS;
    }
    if (cublasStatus_t status = check_scalars(handle, alpha, beta); status != CUBLAS_STATUS_SUCCESS) {
        return status;
    }
    Gemv<T> g{trans != CUBLAS_OP_N, m, n, a, lda};
    return submit_blas(handle, [=, scale = Scalar<T>(handle, alpha), keep = Scalar<T>(handle, beta)] {
        if (!scale.valid() || !keep.valid() || !device_vector(y, g.outputs(), incy)) {
            return false;
        }
        bool read = scale.get() != T(0);
        if (read && (!device_matrix(a, m, n, lda) || !device_vector(x, g.inputs(), incx))) {
            return false;
        }
        gemv_any(g, scale.get(), x, incx, keep.get(), y, incy);
        return true;
    });
}

}  // namespace

SOFTCUDA_API cublasStatus_t cublasSgemv_v2_64(cublasHandle_t handle, int trans, int64_t m, int64_t n,
                                              const float* alpha, const float* A, int64_t lda, const float* x,
                                              int64_t incx, const float* beta, float* y, int64_t incy) {
    SOFTCUDA_ENTER(cublasSgemv_v2_64, cublasStatus_t)
    return gemv(handle, trans, m, n, alpha, A, lda, x, incx, beta, y, incy);
}

SOFTCUDA_API cublasStatus_t cublasDgemv_v2_64(cublasHandle_t handle, int trans, int64_t m, int64_t n,
                                              const double* alpha, const double* A, int64_t lda, const double* x,
                                              int64_t incx, const double* beta, double* y, int64_t incy) {
    SOFTCUDA_ENTER(cublasDgemv_v2_64, cublasStatus_t)
    return gemv(handle, trans, m, n, alpha, A, lda, x, incx, beta, y, incy);
}
