// LAPACK behind one template: QR, singular values, Cholesky, LU, symmetric eigenvalues.
#pragma once

#include <cstddef>

// The trailing sizes are gfortran's hidden lengths of the character arguments.
#define DECLARE_LAPACK(letter, T)                                                                                  \
    void letter##geqrt_(const int*, const int*, const int*, T*, const int*, T*, const int*, T*, int*);             \
    void letter##gesdd_(const char*, const int*, const int*, T*, const int*, T*, T*, const int*, T*, const int*,   \
                        T*, const int*, int*, int*, size_t);                                                       \
    void letter##gesvd_(const char*, const char*, const int*, const int*, T*, const int*, T*, T*, const int*, T*,  \
                        const int*, T*, const int*, int*, size_t, size_t);                                         \
    void letter##potrf_(const char*, const int*, T*, const int*, int*, size_t);                                    \
    void letter##getrf_(const int*, const int*, T*, const int*, int*, int*);                                       \
    void letter##getrs_(const char*, const int*, const int*, const T*, const int*, const int*, T*, const int*,     \
                        int*, size_t);                                                                             \
    void letter##syevd_(const char*, const char*, const int*, T*, const int*, T*, T*, const int*, int*,            \
                        const int*, int*, size_t, size_t);
extern "C" {
DECLARE_LAPACK(s, float)
DECLARE_LAPACK(d, double)
}
#undef DECLARE_LAPACK

namespace softcuda {

template <typename T>
struct Lapack;
#define LAPACK_TABLE(letter, T)                         \
    template <>                                         \
    struct Lapack<T> {                                  \
        static constexpr auto geqrt = letter##geqrt_;   \
        static constexpr auto gesdd = letter##gesdd_;   \
        static constexpr auto gesvd = letter##gesvd_;   \
        static constexpr auto potrf = letter##potrf_;   \
        static constexpr auto getrf = letter##getrf_;   \
        static constexpr auto getrs = letter##getrs_;   \
        static constexpr auto syevd = letter##syevd_;   \
    };
LAPACK_TABLE(s, float)
LAPACK_TABLE(d, double)
#undef LAPACK_TABLE

}  // namespace softcuda
