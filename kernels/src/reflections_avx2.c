/* Reflections by the vectors of AVX2. */

#include "target.h"

#if HAS_AVX

#include <immintrin.h>

#include "reflections.h"

#define TARGET __attribute__((target("avx2,fma")))
#define vector_t __m256d
#define LANES 4
#define LOAD _mm256_loadu_pd
#define STORE _mm256_storeu_pd
#define SPREAD(at) _mm256_set1_pd(*(at))
#define FUSED _mm256_fmadd_pd
#define PREFETCH(at) _mm_prefetch((const char *)(at), _MM_HINT_T0)
#define ROWS 4
#define VECTORS 2
#define MAKE_PANEL fanwise_make_panel_avx2
#define APPLY_PANEL fanwise_apply_panel_avx2
#define WRITE_PANEL fanwise_write_panel_avx2
#include "reflections_body.h"

#endif
