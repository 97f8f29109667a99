/* Reflections by the vectors of AVX-512. */

#include "target.h"

#if HAS_AVX

#include <immintrin.h>

#include "reflections.h"

#define TARGET __attribute__((target("avx512f")))
#define vector_t __m512d
#define LANES 8
#define LOAD _mm512_loadu_pd
#define STORE _mm512_storeu_pd
#define SPREAD(at) _mm512_set1_pd(*(at))
#define FUSED _mm512_fmadd_pd
#define PREFETCH(at) _mm_prefetch((const char *)(at), _MM_HINT_T0)
#define ROWS 8
#define VECTORS 2
#define MAKE_PANEL fanwise_make_panel_avx512
#define APPLY_PANEL fanwise_apply_panel_avx512
#define WRITE_PANEL fanwise_write_panel_avx512
#include "reflections_body.h"

#endif
