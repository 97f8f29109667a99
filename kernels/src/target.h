/* What compilers call the same thing. */

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define ALIGNED __attribute__((aligned(64)))
/* Has numbers read from where they were stored: compilers would take them out of the vector, one
   by one, which is much slower. */
#define KEEP_IN_MEMORY(numbers) __asm__("" : "+m"(numbers))
/* Has a line of the cache fetched that is soon written; it may lie beyond all memory. */
#define FETCH(address) __builtin_prefetch(address, 1)
#else
#define INLINE static __forceinline
#define ALIGNED
#define KEEP_IN_MEMORY(numbers) ((void)(numbers))
#define FETCH(address) ((void)(address))
#endif

/* Which instruction sets a build has. */
#if defined(__GNUC__) && defined(__x86_64__)
#define HAS_AVX 1
#endif
#if defined(__x86_64__) || defined(_M_X64)
#define HAS_SSE2 1
#endif
#if defined(__GNUC__) && defined(__aarch64__) && !defined(__AARCH64EB__)
#define HAS_NEON 1
#endif
