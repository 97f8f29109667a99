/* What compilers call the same thing. */

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define ALIGNED __attribute__((aligned(64)))
#else
#define INLINE static __forceinline
#define ALIGNED
#endif
