/* Reflections by the vectors of one instruction set, which defines TARGET, vector_t, LANES, LOAD,
   STORE, SPREAD, FUSED (a b + c, rounded once), PREFETCH, ROWS and VECTORS (of a block whose sums
   are kept in registers), MAKE_PANEL, APPLY_PANEL and WRITE_PANEL (the
   names of the functions).

   Every sum goes down the rows, one term after the other, so all sets give the same bits. */

#include <math.h>
#include <string.h>

#define COLUMNS (VECTORS * LANES)
#define TILE (LARGEST_TILE * LARGEST_TILE)

/* A matrix whose elements are so far from the next one down and the next one along. */
typedef struct {
    const double *at;
    int64_t down, along;
} strided_t;

/* Adds the product of ROWS rows of a and COLUMNS columns of b to a block of c. */
TARGET INLINE void add_block(double *c, int64_t c_down, strided_t a, const double *b,
                                    int64_t b_down, int64_t terms)
{
    vector_t sums[ROWS][VECTORS];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECTORS; j++)
            sums[i][j] = LOAD(c + i * c_down + j * LANES);
    for (int64_t p = 0; p < terms; p++) {
        vector_t right[VECTORS];
        for (int j = 0; j < VECTORS; j++)
            right[j] = LOAD(b + p * b_down + j * LANES);
        for (int i = 0; i < ROWS; i++) {
            vector_t left = SPREAD(a.at + i * a.down + p * a.along);
            for (int j = 0; j < VECTORS; j++)
                sums[i][j] = FUSED(left, right[j], sums[i][j]);
        }
    }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECTORS; j++)
            STORE(c + i * c_down + j * LANES, sums[i][j]);
}

/* Adds a b to c, rows by columns; meanwhile `next` is fetched, so many numbers, needed then. */
TARGET INLINE void add_product(double *c, strided_t a, const double *b, int64_t rows,
                                      int64_t columns, int64_t terms, const double *next,
                                      int64_t size)
{
    int64_t fetched = size * ROWS * COLUMNS / (rows * columns);
    for (int64_t j = 0; j < columns; j += COLUMNS)
        for (int64_t i = 0; i < rows; i += ROWS) {
            for (int64_t at = 0; at < fetched; at += 8)
                PREFETCH(next + at);
            next += fetched;
            strided_t own = {a.at + i * a.down, a.down, a.along};
            add_block(c + i * columns + j, columns, own, b + j, columns, terms);
        }
}

/* Returns the tiles of a panel. */
INLINE double *tiles_of(const reflections_t *all, int64_t panel)
{
    int64_t before = panel * all->tiles - panel * (panel - 1) / 2;
    return (double *)(intptr_t)all->v + before * all->height * all->width;
}

INLINE double *factor_of(const reflections_t *all, int64_t panel)
{
    return (double *)(intptr_t)all->t + panel * all->width * all->width;
}

/* Adds the product of the transpose of v and the columns to `seen`. */
TARGET static void add_seen(double *seen, const double *v, const double *columns, int64_t tiles,
                            int64_t height, int64_t width)
{
    int64_t size = height * width;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const double *own = v + tile * size, *next = tile + 1 < tiles ? own + size : own;
        add_product(seen, (strided_t){own, 1, width}, columns + tile * size, width, width, height,
                    next, size);
    }
}

/* Copies what a panel has of the Gaussian, from its diagonal down; all else is zero. */
static void copy_panel(const reflections_t *all, int64_t panel, strided_t from, double *v)
{
    int64_t start = panel * all->width, width = all->width;
    int64_t rows = all->rows - start, columns = all->columns - start;
    columns = columns < width ? columns : width;
    memset(v, 0, (size_t)((all->tiles - panel) * all->height * width) * sizeof *v);
    /* Of some rows at a time, as a line of memory may go down. */
    for (int64_t first = 0; first < rows; first += 8) {
        int64_t last = first + 8 < rows ? first + 8 : rows;
        for (int64_t j = 0; j < columns; j++)
            for (int64_t i = first > j ? first : j; i < last; i++)
                v[i * width + j] = from.at[i * from.down + j * from.along];
    }
}

/* Sums up the squares of each column, those of a tile at first. */
TARGET static void sum_squares(double *norms, const double *v, int64_t tiles, int64_t height,
                               int64_t width)
{
    memset(norms, 0, (size_t)width * sizeof *norms);
    for (int64_t tile = 0; tile < tiles; tile++) {
        double sums[LARGEST_TILE] = {0};
        for (int64_t i = 0; i < height; i++, v += width)
            for (int64_t j = 0; j < width; j++)
                sums[j] += v[j] * v[j];
        for (int64_t j = 0; j < width; j++)
            norms[j] += sums[j];
    }
}

/* Turns Gaussians into vectors whose first element is 1; gives the tau and the sign of each. */
TARGET static void make_vectors(double *v, double *taus, double *signs, int64_t tiles,
                                int64_t height, int64_t width)
{
    double norms[LARGEST_TILE], scales[LARGEST_TILE];
    sum_squares(norms, v, tiles, height, width);
    for (int64_t j = 0; j < width; j++) {
        double head = v[j * width + j], norm = sqrt(norms[j]);
        signs[j] = head < 0 ? 1.0 : -1.0;
        double beta = signs[j] * norm;
        /* A vector of zeros has nothing to reflect. */
        scales[j] = norm > 0 ? head - beta : 1.0;
        taus[j] = norm > 0 ? (beta - head) / beta : 0.0;
    }
    double *row = v;
    for (int64_t i = 0; i < tiles * height; i++, row += width)
        for (int64_t j = 0; j < width; j++)
            row[j] /= scales[j];
    for (int64_t j = 0; j < width; j++)
        v[j * width + j] = 1.0;
}

/* Of two products of reflections T12 is -T1 (V1'V2) T2, so row i of T is
   tau_i (e_i - the sum of gram_ik T_k over k > i). */
TARGET static void make_factor(double *t, const double *gram, const double *taus, int64_t width)
{
    memset(t, 0, (size_t)(width * width) * sizeof *t);
    for (int64_t i = width - 1; i >= 0; i--) {
        double sums[LARGEST_TILE] = {0};
        for (int64_t k = i + 1; k < width; k++)
            for (int64_t j = 0; j < width; j++)
                sums[j] += gram[i * width + k] * t[k * width + j];
        for (int64_t j = 0; j < width; j++)
            t[i * width + j] = -taus[i] * sums[j];
        t[i * width + i] = -taus[i];
    }
}

TARGET void MAKE_PANEL(const reflections_t *all, int64_t panel, const double *gaussian,
                       int64_t down, int64_t along)
{
    double gram[TILE], taus[LARGEST_TILE], signs[LARGEST_TILE];
    double *v = tiles_of(all, panel), *factors = (double *)(intptr_t)all->factors;
    int64_t tiles = all->tiles - panel, width = all->width;
    copy_panel(all, panel, (strided_t){gaussian, down, along}, v);
    make_vectors(v, taus, signs, tiles, all->height, width);
    memset(gram, 0, sizeof gram);
    add_seen(gram, v, v, tiles, all->height, width);
    make_factor(factor_of(all, panel), gram, taus, width);
    for (int64_t j = 0; j < width; j++)
        factors[panel * width + j] = signs[j] * all->gain;
}

/* Applies a panel to the columns of the identity that are the last one's own, which it begins. */
TARGET void APPLY_PANEL(const reflections_t *all, int64_t panel, int64_t last, double *columns)
{
    double seen[TILE], turned[TILE];
    int64_t height = all->height, width = all->width, size = height * width;
    int64_t tiles = all->tiles - panel;
    const double *v = tiles_of(all, panel), *t = factor_of(all, panel);
    double *own = columns + panel * size;
    memset(seen, 0, sizeof seen);
    memset(turned, 0, sizeof turned);
    if (panel < last) {
        add_seen(seen, v, own, tiles, height, width);
    } else { /* of the identity it sees its own first rows */
        memset(columns, 0, (size_t)(all->tiles * size) * sizeof *columns);
        for (int64_t j = 0; j < width; j++)
            own[j * width + j] = 1.0;
        for (int64_t i = 0; i < width; i++)
            for (int64_t j = 0; j < width; j++)
                seen[i * width + j] = v[j * width + i];
    }
    add_product(turned, (strided_t){t, width, 1}, seen, width, width, width, t, 0);
    /* From the last tile up, which is still in the cache. */
    for (int64_t tile = tiles - 1; tile >= 0; tile--) {
        const double *at = v + tile * size, *next = tile ? at - size : at;
        add_product(own + tile * size, (strided_t){at, width, 1}, turned, height, width, width,
                    next, size);
    }
}

TARGET void WRITE_PANEL(const reflections_t *all, int64_t matrix, int64_t panel, double *work)
{
    const place_t *to = &all->out;
    int64_t start = panel * all->width, width = all->width, columns = all->columns - start;
    const double *factors = (const double *)(intptr_t)all->factors + start;
    int64_t offset = matrix * to->apart + start * to->along;
    double *doubles = (double *)(intptr_t)to->at + offset;
    float *floats = (float *)(intptr_t)to->at + offset;
    columns = columns < width ? columns : width;
    for (int64_t each = panel; each >= 0; each--)
        APPLY_PANEL(all, each, panel, work);
    /* Of some rows at a time, as a line of memory may go down. */
    for (int64_t first = 0; first < all->rows; first += 16) {
        int64_t last = first + 16 < all->rows ? first + 16 : all->rows;
        for (int64_t j = 0; j < columns; j++)
            for (int64_t i = first; i < last; i++) {
                double value = work[i * width + j] * factors[j];
                if (all->is_double)
                    doubles[i * to->down + j * to->along] = value;
                else
                    floats[i * to->down + j * to->along] = (float)value;
            }
    }
}

#undef COLUMNS
#undef TILE
