/* Reflections by the vectors of NEON, which every 64-bit ARM has. */

#include "target.h"

#if HAS_NEON

#include <arm_neon.h>

#include "reflections.h"

#define TARGET
#define vector_t float64x2_t
#define LANES 2
#define LOAD vld1q_f64
#define STORE vst1q_f64
#define SPREAD vld1q_dup_f64
#define FUSED(a, b, c) vfmaq_f64(c, a, b)
#define PREFETCH __builtin_prefetch
#define ROWS 4
#define VECTORS 4
#define MAKE_PANEL fanwise_make_panel_neon
#define APPLY_PANEL fanwise_apply_panel_neon
#define WRITE_PANEL fanwise_write_panel_neon
#include "reflections_body.h"

#endif
