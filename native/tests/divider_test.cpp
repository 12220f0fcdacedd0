// Divider beside the processor's own division: every small divisor, those around powers of two and the largest, each with the numbers
// around its multiples, where a wrong inverse shows, and with the ends of the range.
#include "conv2d/divider.cuh"

#include <cstdint>
#include <cstdio>

namespace {

constexpr int64_t most = INT32_MAX;
int64_t tried = 0, wrong = 0;

void check(int64_t divisor, int64_t number) {
    if (number < 0 || number > most) return;
    const conv2d::Divider by(divisor);
    const int quotient = by.quotient(int(number)), expected = int(number / divisor);
    ++tried;
    if (quotient == expected && by.remainder(int(number), quotient) == int(number % divisor)) return;
    if (++wrong < 10) std::printf("%lld / %lld: %d, expected %d\n", (long long)number, (long long)divisor, quotient, expected);
}

void check_divisor(int64_t divisor) {
    if (divisor < 1 || divisor > most) return;
    const int64_t multiples = most / divisor, step = multiples < 2000 ? 1 : multiples / 1000;
    for (int64_t m = 0; m <= multiples; m += step)
        for (int64_t off = -1; off <= 1; ++off) check(divisor, m * divisor + off);
    for (int64_t off = -1; off <= 1; ++off) check(divisor, multiples * divisor + off);
    check(divisor, most);
    check(divisor, most - 1);
}

}  // namespace

int main() {
    for (int64_t divisor = 1; divisor <= 3000; ++divisor) check_divisor(divisor);
    for (int power = 12; power <= 31; ++power)
        for (int64_t off = -3; off <= 3; ++off) check_divisor((int64_t(1) << power) + off);
    for (int64_t divisor = 5000; divisor < most; divisor = divisor * 3 / 2 + 7) check_divisor(divisor);
    if (conv2d::Divider(0).quotient(5) != 5) ++wrong;
    std::printf("divider_test: %lld quotients, %lld wrong\n", (long long)tried, (long long)wrong);
    return wrong == 0 && tried > 1000000 ? 0 : 1;
}
