#pragma once

/// For the loops that all runs go through: one copy a vector size, chosen when the program starts.
/// Products are not contracted with sums and no sum is reordered, so all copies give the same bits.
/// Not under sanitizers, which start before the choice can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FAULTLINE_BY_VECTOR_SIZE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FAULTLINE_BY_VECTOR_SIZE
#endif
