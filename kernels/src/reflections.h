/* Orthonormal matrices as products of reflections: what core/reflections.py hands over. */

#ifndef FANWISE_REFLECTIONS_H
#define FANWISE_REFLECTIONS_H

#include <stdint.h>

#define LARGEST_TILE 64

/* A matrix in memory: its address, and how many elements it is to the next matrix, row, column. */
typedef struct {
    int64_t at, apart, down, along;
} place_t;

/* Matrices of one shape. Each is cut into panels of columns, and into tiles of height by width,
   each row by row; both are multiples of 16. A panel begins width rows below the one before. */
typedef struct {
    place_t out;
    int64_t is_double; /* whether out is float64, or float32 */
    double gain;
    int64_t count; /* matrices */
    int64_t rows, columns;
    int64_t panels, tiles, height, width;
    /* Of one matrix at a time: the tiles of the panels, each from its own rows down; the triangular
       factor of each panel, negated; and what each column of the result is multiplied by. */
    int64_t v, t, factors;
} reflections_t;

/* Makes the reflections of a panel of one matrix from Gaussians, from its diagonal down and along. */
typedef void make_panel_t(const reflections_t *all, int64_t panel, const double *gaussian,
                          int64_t down, int64_t along);

/* Applies one panel to the columns of the identity that are the last one's own; the last one is the
   first that is applied, and begins them. They are as many tiles as a panel has. */
typedef void apply_panel_t(const reflections_t *all, int64_t panel, int64_t last, double *columns);

/* Writes the columns of the result that are a panel's own; work holds as many tiles as a panel. */
typedef void write_panel_t(const reflections_t *all, int64_t matrix, int64_t panel, double *work);

/* Every instruction set's own. Those that do not round a product and a sum at once have none. */
make_panel_t fanwise_make_panel_avx512, fanwise_make_panel_avx2, fanwise_make_panel_neon;
apply_panel_t fanwise_apply_panel_avx512, fanwise_apply_panel_avx2, fanwise_apply_panel_neon;
write_panel_t fanwise_write_panel_avx512, fanwise_write_panel_avx2, fanwise_write_panel_neon;

#endif
