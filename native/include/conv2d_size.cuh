// Sizes of a 2-D convolution in standard letters: x[N,C,H,W], kernel w[K,C,R,S], output y[N,K,P,Q]. Shared by kernel families.
#pragma once

#include <cstdint>

struct Conv2dSize {
    int64_t N, C, H, W, R, S, P, Q;
    int64_t stride_h, stride_w, pad_h, pad_w;
};
