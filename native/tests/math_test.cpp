// Accuracy and identical bits of native/include/math.cuh on the host. By default a sample (seconds); with --full every
// float and some 10^8 doubles per function (many minutes). A line per function; exits with 1 if anything is wrong:
//   - the error against long double (double for float) exceeds the function's limit in ulps of the true value;
//   - a special value is not exactly the expected one;
//   - the vectorised loop and the scalar call differ in a bit.
// The checksum covers all results, so builds by other compilers, for other processors or at other optimisation levels can
// be compared by their output (clang, g++, -O0 and -O3 agree). Build:
//   g++ -std=c++17 -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp
#include "../include/math.cuh"

#include <cfloat>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <typename T> struct Wider;
template <> struct Wider<float> { using Type = double; };
template <> struct Wider<double> { using Type = long double; };
template <typename T> using Wide = typename Wider<T>::Type;

template <typename T> using BitsOf = math::detail::Bits<T>;

template <typename T> BitsOf<T> bits_of(T x) { return math::detail::bits_of(x); }
template <typename T> T from_bits(uint64_t bits) { return math::detail::from_bits(BitsOf<T>(bits)); }

// The functions under test, each with its true value in the wider type.
#define FUNCTION(Name, call, wide_value)                                       \
    struct Name {                                                              \
        static constexpr const char* text = #Name;                             \
        template <typename T> HOST_DEVICE static T value(T x) { return call; } \
        template <typename W> static W truth(W x) { return wide_value; }       \
    };
FUNCTION(Exp, math::exp(x), std::exp(x))
FUNCTION(Expm1, math::expm1(x), std::expm1(x))
FUNCTION(Log, math::log(x), std::log(x))
FUNCTION(Log1p, math::log1p(x), std::log1p(x))
FUNCTION(Tanh, math::tanh(x), std::tanh(x))
FUNCTION(Sigmoid, math::sigmoid(x), x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)))
FUNCTION(Softplus, math::softplus(x, T(1)), (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))))
FUNCTION(SoftplusOfHalf, math::softplus(x, T(0.5)), (x > 0 ? x : 0) + 2 * std::log1p(std::exp(-std::fabs(x / 2))))

// A negative number, -inf included, has no power with a fractional exponent here.
template <typename W>
W power_truth(W x, W p) { return x < 0 ? W(not_a_number) : std::pow(x, p); }
FUNCTION(PowerHalf, math::power(x, T(0.5)), power_truth(x, W(0.5)))
FUNCTION(PowerInverse, math::power(x, T(-1)), 1 / x)
FUNCTION(PowerCube, math::power(x, T(3)), x * x * x)
FUNCTION(PowerMinus7, math::power(x, T(-7)), std::pow(x, W(-7)))
FUNCTION(Power64, math::power(x, T(64)), std::pow(x, W(64)))
FUNCTION(Power65, math::power(x, T(65)), std::pow(x, W(65)))
FUNCTION(PowerFraction, math::power(x, T(2.75)), power_truth(x, W(2.75)))
FUNCTION(PowerSmall, math::power(x, T(-0.0078125)), power_truth(x, W(-0.0078125)))
FUNCTION(PowerLarge, math::power(x, T(1000.5)), power_truth(x, W(1000.5)))

// The root of normal_cdf(x) = p near an approximation: two Halley steps, with p - 1/2 or the smaller tail as the equation,
// whichever keeps the digits.
long double inverse_normal_cdf_truth(double p, double approximation) {
    if (!(p > 0 && p < 1)) return p == 0 ? -infinity : p == 1 ? infinity : not_a_number;
    if (p == 0.5) return 0;
    if (!std::isfinite(approximation)) return not_a_number;
    long double x = approximation;
    for (int step = 0; step < 2; ++step) {
        long double root_half = 0.70710678118654752440084436210484903929L;
        long double error = std::fabs(p - 0.5) < 0.25 ? std::erf(x * root_half) / 2 - ((long double)p - 0.5L)
                            : p < 0.5                 ? std::erfc(-x * root_half) / 2 - p
                                                      : (1 - (long double)p) - std::erfc(x * root_half) / 2;
        long double density = std::exp(-x * x / 2) * 0.39894228040143267793994605993438186848L;
        long double newton = error / density;
        x -= newton / (1 + x * newton / 2);
    }
    return x;
}

// |got - truth| in units of the last place of truth; infinite for a wrong sign, NaN or infinity.
template <typename T>
double ulp_error(T got, Wide<T> truth) {
    using W = Wide<T>;
    if (std::isnan(truth)) return std::isnan(got) ? 0 : infinity;
    if (std::isnan(got) || std::signbit(got) != std::signbit(truth)) return infinity;
    if (std::isinf(truth)) return got == T(truth) ? 0 : infinity;
    constexpr int digits = std::numeric_limits<T>::digits, top = std::numeric_limits<T>::max_exponent;
    W limit = std::ldexp(W(1), top), ulp;  // what an infinite result stands for
    W size = std::fabs(truth), value = std::isinf(got) ? limit : std::fabs(W(got));
    if (size > limit) size = limit;
    if (size < W(std::numeric_limits<T>::min())) {
        ulp = std::numeric_limits<T>::denorm_min();
    } else if constexpr (sizeof(T) == 4) {
        uint64_t power = bits_of(size == limit ? limit / 2 : size) & 0xfff0000000000000ull;
        ulp = math::detail::from_bits((unsigned long long)power) * std::numeric_limits<T>::epsilon();
    } else {
        int exponent;
        std::frexp(size, &exponent);
        ulp = std::ldexp(W(1), (exponent > top ? top : exponent) - digits);
    }
    return double(std::fabs(value - size) / ulp);
}

struct Report {
    uint64_t points = 0, checksum = 0, different_bits = 0;
    double worst = 0, worst_x = 0;

    void note(double error, double x) {
        if (error > worst || (error == worst && x < worst_x)) worst = error, worst_x = x;
    }
    void add(const Report& other) {
        points += other.points;
        checksum += other.checksum;
        different_bits += other.different_bits;
        note(other.worst, other.worst_x);
    }
};

uint64_t mix(uint64_t z) {  // splitmix64
    z += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

template <typename F, typename T>
__attribute__((noinline)) void in_a_loop(const T* __restrict__ x, T* __restrict__ y, int count) {
    for (int i = 0; i < count; ++i) y[i] = F::value(x[i]);
}
template <typename F, typename T>
__attribute__((noinline)) T alone(T x) { return F::value(x); }

struct InverseNormalCdf {
    static constexpr const char* text = "InverseNormalCdf";
    HOST_DEVICE static double value(double p) { return math::inverse_normal_cdf(p); }
};

template <typename F, typename T>
void check_block(const T* x, int count, Report& report) {
    constexpr int most = 4096;
    T y[most];
    in_a_loop<F>(x, y, count);
    for (int i = 0; i < count; ++i) {
        T again = alone<F>(x[i]);
        bool both_nan = std::isnan(y[i]) && std::isnan(again);
        if (!both_nan && bits_of(y[i]) != bits_of(again)) ++report.different_bits;
        if constexpr (std::is_same<F, InverseNormalCdf>::value)
            report.note(ulp_error<T>(y[i], inverse_normal_cdf_truth(x[i], y[i])), x[i]);
        else
            report.note(ulp_error<T>(y[i], F::truth(Wide<T>(x[i]))), x[i]);
        report.checksum += mix(both_nan ? 0x7ff8 : mix(bits_of(x[i])) ^ bits_of(y[i]));
    }
    report.points += count;
}

// point(i) for i in [0, count), in blocks shared among the threads.
template <typename F, typename T, typename Point>
void check_points(int64_t count, Point point, Report& total) {
    constexpr int block = 4096;
    int64_t blocks = (count + block - 1) / block;
#pragma omp parallel
    {
        Report report;
#pragma omp for schedule(dynamic, 16) nowait
        for (int64_t b = 0; b < blocks; ++b) {
            T x[block];
            int size = int(b == blocks - 1 ? count - b * block : block);
            for (int i = 0; i < size; ++i) x[i] = point(uint64_t(b * block + i));
            check_block<F>(x, size, report);
        }
#pragma omp critical
        total.add(report);
    }
}

// Every function is checked at +- each of these and at the 64 numbers on either side.
struct HardPoint { const char* name; double x; };
constexpr HardPoint hard_points[] = {
    {"zero", 0},
    {"float subnormals end", 0x1p-126},
    {"double subnormals end", 0x1p-1022},
    {"largest float", FLT_MAX},
    {"largest double", DBL_MAX},
    {"float expm1/log1p tiny", 0x1p-25},
    {"double expm1/log1p tiny", 0x1p-54},
    {"small", 1e-8},
    {"one", 1},
    {"two", 2},
    {"sqrt(1/2)", 0.70710678118654752},
    {"sqrt(2)", 1.4142135623730951},
    {"log1p k = 0 / 1", 0.41421356237309505},
    {"log1p k = 0 / -1", -0.29289321881345248},
    {"exp k = 0 / 1", 0.34657359027997264},
    {"exp k = 1 / 2", 1.0397207708399179},
    {"tanh small / large", 0.55},
    {"tanh argument doubled, k = 1 / 2", 0.51986038541995896},
    {"float tanh is 1", 9.0109133},
    {"double tanh is 1", 19.061547465398498},
    {"float tanh clamp", 10},
    {"double tanh clamp", 20},
    {"float expm1 is -1", -17.328679},
    {"float expm1 above -1", -17},
    {"float expm1 clamp", -18},
    {"double expm1 is -1", -37.429947750237048},
    {"double expm1 clamp", -38},
    {"float softplus is x", 16.635532},
    {"float exp overflow", 88.722839},
    {"float exp clamp high", 89},
    {"float exp subnormal", -87.336545},
    {"float exp last subnormal", -103.27893},
    {"float exp is 0", -103.97208},
    {"float exp clamp low", -104},
    {"double exp overflow", 709.78271289338397},
    {"double exp clamp high", 710},
    {"double exp subnormal", -708.39641853226411},
    {"double exp last subnormal", -744.44007192138122},
    {"double exp is 0", -745.13321910194111},
    {"double exp clamp low", -746},
    {"inverse cdf centre / tail", 0.075},
    {"inverse cdf tail / centre", 0.925},
    {"inverse cdf near / far tail", 1.3887943864964021e-11},
    {"half", 0.5},
};

struct Range { double from, to; };

template <typename F, typename T>
bool check(double limit, std::vector<Range> ranges, bool full) {
    auto start = std::chrono::steady_clock::now();
    Report report;
    std::vector<T> points = {T(infinity), T(-infinity), T(not_a_number), T(-not_a_number)};
    for (const HardPoint& hard : hard_points)
        for (double sign : {1.0, -1.0})
            for (int64_t step = -64; step <= 64; ++step)
                points.push_back(from_bits<T>(bits_of(T(sign * hard.x)) + uint64_t(step)));
    check_points<F, T>(int64_t(points.size()), [&](uint64_t i) { return points[i]; }, report);
    if constexpr (sizeof(T) == 4) {
        uint64_t stride = full ? 1 : 1021;
        check_points<F, T>((int64_t(1) << 32) / int64_t(stride), [=](uint64_t i) { return from_bits<T>(i * stride); }, report);
    } else {
        int64_t count = full ? 25000000 : 200000;
        check_points<F, T>(count, [](uint64_t i) { return from_bits<T>(mix(i)); }, report);  // all magnitudes
        for (Range range : ranges) {
            check_points<F, T>(count, [=](uint64_t i) {
                double unit = double(mix(i ^ 0x5eed) >> 11) * 0x1p-53;
                return std::fma(range.to - range.from, unit, range.from);  // the same points however products are contracted
            }, report);
        }
    }
    bool passed = report.worst <= limit && report.different_bits == 0;
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%-18s %-6s %11llu points  max %.4f ulp (limit %.2f) at %a = %.9g  checksum %016llx%s%s\n", F::text,
                sizeof(T) == 4 ? "float" : "double", (unsigned long long)report.points, report.worst, limit,
                report.worst_x, report.worst_x, (unsigned long long)report.checksum,
                report.different_bits ? "  LOOP AND CALL DIFFER" : "", passed ? "" : "  FAILED");
    if (full) std::printf("  %.0f s\n", seconds);
    std::fflush(stdout);
    return passed;
}

// Results that have to be exact, sign of zero included.
template <typename T>
bool check_special_values() {
    const T inf = T(infinity), nan = T(not_a_number), subnormal = std::numeric_limits<T>::denorm_min();
    const T top = std::numeric_limits<T>::max();
    struct Row { const char* name; T got, expected; };
    const Row rows[] = {
        {"exp(0)", math::exp(T(0)), 1},
        {"exp(-0)", math::exp(T(-0.0)), 1},
        {"exp(inf)", math::exp(inf), inf},
        {"exp(-inf)", math::exp(-inf), 0},
        {"exp(nan)", math::exp(nan), nan},
        {"exp(max)", math::exp(top), inf},
        {"exp(-max)", math::exp(-top), 0},
        {"exp(subnormal)", math::exp(subnormal), 1},
        {"expm1(0)", math::expm1(T(0)), 0},
        {"expm1(-0)", math::expm1(T(-0.0)), T(-0.0)},
        {"expm1(inf)", math::expm1(inf), inf},
        {"expm1(-inf)", math::expm1(-inf), -1},
        {"expm1(nan)", math::expm1(nan), nan},
        {"expm1(subnormal)", math::expm1(subnormal), subnormal},
        {"expm1(-subnormal)", math::expm1(-subnormal), -subnormal},
        {"log(0)", math::log(T(0)), -inf},
        {"log(-0)", math::log(T(-0.0)), -inf},
        {"log(1)", math::log(T(1)), 0},
        {"log(inf)", math::log(inf), inf},
        {"log(-inf)", math::log(-inf), nan},
        {"log(-1)", math::log(T(-1)), nan},
        {"log(-subnormal)", math::log(-subnormal), nan},
        {"log(nan)", math::log(nan), nan},
        {"log1p(0)", math::log1p(T(0)), 0},
        {"log1p(-0)", math::log1p(T(-0.0)), T(-0.0)},
        {"log1p(-1)", math::log1p(T(-1)), -inf},
        {"log1p(-2)", math::log1p(T(-2)), nan},
        {"log1p(inf)", math::log1p(inf), inf},
        {"log1p(-inf)", math::log1p(-inf), nan},
        {"log1p(nan)", math::log1p(nan), nan},
        {"log1p(subnormal)", math::log1p(subnormal), subnormal},
        {"tanh(0)", math::tanh(T(0)), 0},
        {"tanh(-0)", math::tanh(T(-0.0)), T(-0.0)},
        {"tanh(inf)", math::tanh(inf), 1},
        {"tanh(-inf)", math::tanh(-inf), -1},
        {"tanh(nan)", math::tanh(nan), nan},
        {"tanh(-subnormal)", math::tanh(-subnormal), -subnormal},
        {"sigmoid(0)", math::sigmoid(T(0)), T(0.5)},
        {"sigmoid(inf)", math::sigmoid(inf), 1},
        {"sigmoid(-inf)", math::sigmoid(-inf), 0},
        {"sigmoid(nan)", math::sigmoid(nan), nan},
        {"softplus(inf)", math::softplus(inf, T(1)), inf},
        {"softplus(-inf)", math::softplus(-inf, T(1)), 0},
        {"softplus(nan)", math::softplus(nan, T(1)), nan},
        {"softplus(max)", math::softplus(top, T(1)), top},
        {"softplus(1, nan)", math::softplus(T(1), nan), nan},
        {"power(0, 0)", math::power(T(0), T(0)), 1},
        {"power(nan, 0)", math::power(nan, T(0)), 1},
        {"power(-2, 3)", math::power(T(-2), T(3)), -8},
        {"power(3, 15)", math::power(T(3), T(15)), 14348907},
        {"power(-0, 3)", math::power(T(-0.0), T(3)), T(-0.0)},
        {"power(-0, 2)", math::power(T(-0.0), T(2)), 0},
        {"power(-0, -3)", math::power(T(-0.0), T(-3)), -inf},
        {"power(-0, 1/2)", math::power(T(-0.0), T(0.5)), 0},
        {"power(-0, -1/2)", math::power(T(-0.0), T(-0.5)), inf},
        {"power(-0, 0.25)", math::power(T(-0.0), T(0.25)), 0},
        {"power(-0, -0.25)", math::power(T(-0.0), T(-0.25)), inf},
        {"power(-0, 65)", math::power(T(-0.0), T(65)), T(-0.0)},
        {"power(-0, -66)", math::power(T(-0.0), T(-66)), inf},
        {"power(-1, 65)", math::power(T(-1), T(65)), -1},
        {"power(-1, 2^30)", math::power(T(-1), T(0x1p30)), 1},
        {"power(1, max)", math::power(T(1), top), 1},
        {"power(2, max)", math::power(T(2), top), inf},
        {"power(2, -max)", math::power(T(2), -top), 0},
        {"power(inf, 2)", math::power(inf, T(2)), inf},
        {"power(-inf, 3)", math::power(-inf, T(3)), -inf},
        {"power(-inf, -3)", math::power(-inf, T(-3)), T(-0.0)},
        {"power(inf, -0.25)", math::power(inf, T(-0.25)), 0},
        {"power(inf, 0.25)", math::power(inf, T(0.25)), inf},
        {"power(inf, -1/2)", math::power(inf, T(-0.5)), 0},
        {"power(-8, 0.25)", math::power(T(-8), T(0.25)), nan},
        {"power(nan, 65)", math::power(nan, T(65)), nan},
        {"power(nan, 2)", math::power(nan, T(2)), nan},
        {"inverse_normal_cdf(0)", T(math::inverse_normal_cdf(0)), -inf},
        {"inverse_normal_cdf(1)", T(math::inverse_normal_cdf(1)), inf},
        {"inverse_normal_cdf(1/2)", T(math::inverse_normal_cdf(0.5)), 0},
        {"inverse_normal_cdf(-1)", T(math::inverse_normal_cdf(-1)), nan},
        {"inverse_normal_cdf(2)", T(math::inverse_normal_cdf(2)), nan},
        {"inverse_normal_cdf(nan)", T(math::inverse_normal_cdf(not_a_number)), nan},
    };
    bool passed = true;
    for (const Row& row : rows) {
        bool same = std::isnan(row.expected) ? std::isnan(row.got) : bits_of(row.got) == bits_of(row.expected);
        if (!same) std::printf("%s is %a, expected %a  FAILED\n", row.name, double(row.got), double(row.expected));
        passed = passed && same;
    }
    std::printf("special values     %-6s %11zu points%s\n", sizeof(T) == 4 ? "float" : "double",
                sizeof rows / sizeof rows[0], passed ? "" : "  FAILED");
    return passed;
}

template <typename F>
bool check_both(double limit, std::vector<Range> ranges, bool full) {
    bool single = check<F, float>(limit, {}, full);
    return check<F, double>(limit, ranges, full) && single;
}

}  // namespace

int main(int argc, char** argv) {
    bool full = argc > 1 && std::strcmp(argv[1], "--full") == 0;
    bool passed = check_special_values<float>();
    passed &= check_special_values<double>();
    passed &= check_both<Exp>(1, {{-1, 1}, {-746, 710}, {-746, -708}}, full);
    passed &= check_both<Expm1>(1.3, {{-1.5, 1.5}, {-38, 38}, {38, 710}}, full);
    passed &= check_both<Log>(0.9, {{0.5, 2}, {0.99, 1.01}, {0, 1e-307}}, full);
    passed &= check_both<Log1p>(1.5, {{-1, -0.25}, {-0.5, 1}, {1, 1000}}, full);
    passed &= check_both<Tanh>(1.7, {{-0.55, 0.55}, {0.5, 1}, {-20, 20}}, full);
    passed &= check_both<Sigmoid>(2.5, {{-2, 2}, {-40, 40}, {-746, -40}}, full);
    passed &= check_both<Softplus>(2, {{-2, 2}, {-40, 40}, {-746, -40}}, full);
    passed &= check_both<SoftplusOfHalf>(2, {{-4, 4}, {-80, 80}, {-1490, -80}}, full);
    passed &= check_both<PowerHalf>(0.5, {{0, 2}}, full);
    passed &= check_both<PowerInverse>(0.8, {{-2, 2}}, full);
    passed &= check_both<PowerCube>(1, {{-2, 2}}, full);
    passed &= check_both<PowerMinus7>(1.2, {{-2, 2}}, full);
    passed &= check_both<Power64>(1.2, {{-2, 2}, {1, 60000}}, full);
    passed &= check_both<Power65>(1.5, {{-2, 2}, {1, 50000}}, full);
    passed &= check_both<PowerFraction>(1.5, {{0.5, 2}, {0, 1000}, {1, 1e100}}, full);
    passed &= check_both<PowerSmall>(1.5, {{0.5, 2}, {0, 1000}}, full);
    passed &= check_both<PowerLarge>(1.5, {{0.5, 2}, {0.99, 1.01}}, full);
    passed &= check<InverseNormalCdf, double>(7, {{0, 1}, {0.4, 0.6}, {0, 0.075}, {0, 1e-10}, {0, 1e-300}}, full);
    std::printf(passed ? "math_test passed\n" : "math_test FAILED\n");
    return passed ? 0 : 1;
}
