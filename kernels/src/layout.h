/* What the core hands over: entries, jobs, scales and the table, as core/fast/tasks.py lays them
   out. */

#ifndef FANWISE_LAYOUT_H
#define FANWISE_LAYOUT_H

#include <stdint.h>

/* Raised whenever anything here, or a function of the module, changes its meaning. */
#define FANWISE_ABI 2

/* Philox4x32: its multipliers, and what its key grows by. */
#define M0 0xD2511F53u
#define M1 0xCD9E8D57u
#define W0 0x9E3779B9u
#define W1 0xBB67AE85u

/* NumPy has no more axes than this, of sizes and strides that do not merge. */
#define MOST_AXES 65

enum form { FLOAT32, BFLOAT16, FLOAT16, FLOAT64 };

/* Of one axis: its size, its stride in canonical order, its stride in memory, a tile's size; and
   in `order` the axes in the order of memory. Each of the five stands in a row for all axes. */
typedef struct {
    int64_t base;      /* canonical index of the first element */
    int64_t axes;      /* the last is the one that the stream runs along */
    int64_t by_planes; /* whether memory does not run along the stream */
    int64_t is_normal; /* whether the integers are quantiles, or uniform */
    int64_t first;     /* the first word that is let through, */
    int64_t count;     /* and how many are */
    int64_t form;
    int64_t geometry[];
} job_t;

typedef struct {
    int64_t out; /* address of the first element */
    int64_t job;
    int64_t scale; /* the unit and the mean, float64 for float64 and float32 otherwise */
    int64_t first_tile, last_tile;
    int64_t k0, k1;
} entry_t;

/* A row of the quantile's table. */
typedef struct {
    uint32_t c2, c1, c0, unused;
} row_t;

/* Draws tiles of a block. */
typedef void draw_t(const entry_t *entry, const row_t *table);

/* Every instruction set's own; those that a build lacks are not defined. */
draw_t fanwise_draw_avx512, fanwise_draw_avx2, fanwise_draw_sse2, fanwise_draw_neon,
    fanwise_draw_plain;

#endif
