/* The kernel, included once for each instruction set, after the vectors that it is written in.

   A vector holds LANES words (`words_t`) or integers (`ints_t`). Position p of a vector is its
   p-th lane; LISTED(p) is where a list of 64-bit numbers has the number of that lane.

   Along the stream LANES blocks are drawn at a time: four vectors, of all first words, all
   second and so on, which `interleave` turns into memory order. It leaves groups of four words
   where they are least work, so that the blocks are counted out in that order from the
   start (`BLOCK`). Nothing is allocated, and all that is kept lies on the stack: 25 KB. */

#include <string.h>

/* The block, of LANES, that position p has; and the position that block b has. */
#define GROUPS (LANES / 4)
#define BLOCK(p) (((p) & 3) * GROUPS + ((p) >> 2))
#define POSITION(b) (((b) % GROUPS) * 4 + (b) / GROUPS)

/* What is drawn at a time where it does not lie together: blocks of runs, or rows of planes. */
#define BATCH 256
/* Runs that are shorter are drawn many at a time. */
#define LONG_RUN 128
#define MOST_BYTES 8

typedef struct {
    uint64_t k0[10], k1[10]; /* of every round; wide, as vectors are filled with them */
    const row_t *table;
    double unit, mean; /* no mean is -0, which changes nothing that it is added to */
    float small_unit, small_mean;
    uint32_t first, count;
    int is_normal, is_cut, form;
    int64_t itemsize;
} law_t;

typedef struct {
    int64_t place; /* in memory, in elements */
    int32_t lane, length;
} run_t;

static void prepare(law_t *law, const entry_t *entry, const row_t *table)
{
    const job_t *job = (const job_t *)(intptr_t)entry->job;
    for (uint32_t round = 0; round < 10; round++) {
        law->k0[round] = (uint32_t)((uint32_t)entry->k0 + round * W0);
        law->k1[round] = (uint32_t)((uint32_t)entry->k1 + round * W1);
    }
    law->table = table;
    law->form = (int)job->form;
    if (law->form == FLOAT64) {
        const double *scale = (const double *)(intptr_t)entry->scale;
        law->unit = scale[0], law->mean = scale[1];
        law->small_unit = law->small_mean = 0;
        if (law->mean == 0)
            law->mean = -0.0;
    } else {
        const float *scale = (const float *)(intptr_t)entry->scale;
        law->small_unit = scale[0], law->small_mean = scale[1];
        law->unit = law->mean = 0;
        if (law->small_mean == 0)
            law->small_mean = -0.0f;
    }
    law->is_normal = job->is_normal != 0;
    law->is_cut = job->count != (int64_t)1 << 32;
    law->first = (uint32_t)job->first;
    law->count = (uint32_t)job->count;
    law->itemsize = law->form == FLOAT64 ? 8 : law->form == FLOAT32 ? 4 : 2;
}

INLINE void draw_round(const law_t *law, int round, words_t c[4])
{
    words_t high0, high1, low0, low1;
    multiply(c[0], M0, &high0, &low0);
    multiply(c[2], M1, &high1, &low1);
    c[0] = xor3(high1, c[1], all(law->k0[round]));
    c[2] = xor3(high0, c[3], all(law->k1[round]));
    c[1] = low1;
    c[3] = low0;
}

/* The words of the blocks (low, high, 0, 0): products by 0 are left out. */
INLINE void draw_blocks(const law_t *law, words_t low, words_t high, words_t c[4])
{
    words_t high0, low0;
    multiply(low, M0, &high0, &low0);
    c[0] = xor2(high, all(law->k0[0]));
    c[1] = all(0);
    c[2] = xor2(high0, all(law->k1[0]));
    c[3] = low0;
    for (int round = 1; round < 10; round++)
        draw_round(law, round, c);
}

/* The first two rounds where all have one high word: the second's first product is one number. */
INLINE void begin_near_blocks(const law_t *law, words_t low, uint32_t high, words_t c[4])
{
    words_t high0, low0, high1, low1;
    uint64_t product = (high ^ law->k0[0]) * M0;
    multiply(low, M0, &high0, &low0);
    multiply(xor2(high0, all(law->k1[0])), M1, &high1, &low1);
    c[0] = xor2(high1, all(law->k0[1]));
    c[1] = low1;
    c[2] = xor2(low0, all((product >> 32) ^ law->k1[1]));
    c[3] = all(product & 0xFFFFFFFF);
}

/* The words of LANES blocks and of LANES others: a round waits for the one before, so that one
   alone would leave the processor idle. */
INLINE void draw_near_blocks(
    const law_t *law, words_t low, words_t next_low, uint32_t high, words_t c[4], words_t next[4])
{
    begin_near_blocks(law, low, high, c);
    begin_near_blocks(law, next_low, high, next);
    for (int round = 2; round < 10; round++) {
        draw_round(law, round, c);
        draw_round(law, round, next);
    }
}

INLINE words_t into_window(const law_t *law, int is_cut, words_t words)
{
    return is_cut ? squeeze(words, law->first, law->count) : words;
}

/* Rows of the table are located before any is read: what is stored must not be waited for. */
INLINE void locate(const law_t *law, int is_cut, const words_t words[4], located_t *located)
{
    locate_one(into_window(law, is_cut, words[0]), located, 0);
    locate_one(into_window(law, is_cut, words[1]), located, 1);
    locate_one(into_window(law, is_cut, words[2]), located, 2);
    locate_one(into_window(law, is_cut, words[3]), located, 3);
}

/* The integers of words. */
INLINE void make_integers(
    const law_t *law, int is_normal, int is_cut, const words_t words[4], ints_t z[4])
{
    located_t located;
    if (!is_normal) {
        z[0] = odd(words[0]), z[1] = odd(words[1]), z[2] = odd(words[2]), z[3] = odd(words[3]);
        return;
    }
    locate(law, is_cut, words, &located);
    z[0] = look_up(&located, 0, law->table);
    z[1] = look_up(&located, 1, law->table);
    z[2] = look_up(&located, 2, law->table);
    z[3] = look_up(&located, 3, law->table);
}

/* The same of the blocks before, while words are drawn: either alone would wait for itself. */
INLINE void draw_and_look_up(
    const law_t *law, words_t low, words_t next_low, uint32_t high, const located_t before[2],
    words_t c[4], words_t next[4], ints_t z[8])
{
    begin_near_blocks(law, low, high, c);
    begin_near_blocks(law, next_low, high, next);
#define ROUND(i)                     \
    draw_round(law, 2 + (i), c);     \
    draw_round(law, 2 + (i), next);  \
    z[i] = look_up(&before[(i) / 4], (i) % 4, law->table)
    ROUND(0);
    ROUND(1);
    ROUND(2);
    ROUND(3);
    ROUND(4);
    ROUND(5);
    ROUND(6);
    ROUND(7);
#undef ROUND
}

/* Writes 2 * LANES elements. */
INLINE void store_two(const law_t *law, ints_t first, ints_t second, char *out)
{
    float unit = law->small_unit, mean = law->small_mean;
    switch (law->form) {
    case FLOAT32:
        store_float32(first, unit, mean, out);
        store_float32(second, unit, mean, out + 4 * LANES);
        break;
    case BFLOAT16:
        store_bfloat16(first, second, unit, mean, out);
        break;
    case FLOAT16:
        store_float16(first, unit, mean, out);
        store_float16(second, unit, mean, out + 2 * LANES);
        break;
    default:
        store_float64(first, law->unit, law->mean, out);
        store_float64(second, law->unit, law->mean, out + 8 * LANES);
    }
}

/* Writes 4 * LANES elements. */
INLINE void store(const law_t *law, const ints_t z[4], char *out)
{
    store_two(law, z[0], z[1], out);
    store_two(law, z[2], z[3], out + 2 * LANES * law->itemsize);
}

/* Writes the elements of LANES blocks. */
INLINE void finish(const law_t *law, int is_normal, int is_cut, const words_t c[4], char *out)
{
    ints_t z[4];
    make_integers(law, is_normal, is_cut, c, z);
    interleave(z);
    store(law, z, out);
}

/* Writes the elements of 2 * LANES blocks and those that follow, `steps` times: all in blocks of
   one high word. */
INLINE char *draw_uniform_steps(
    const law_t *law, words_t low, uint32_t high, uint64_t steps, char *out)
{
    for (uint64_t step = 0; step < steps; step++) {
        words_t c[4], next[4];
        draw_near_blocks(law, low, count_on(low, LANES), high, c, next);
        finish(law, 0, 0, c, out);
        out += 4 * LANES * law->itemsize;
        finish(law, 0, 0, next, out);
        out += 4 * LANES * law->itemsize;
        low = count_on(low, 2 * LANES);
    }
    return out;
}

/* The same for quantiles. */
INLINE char *draw_normal_steps(
    const law_t *law, int is_cut, words_t low, uint32_t high, uint64_t steps, char *out)
{
    words_t c[4], next[4];
    ints_t z[8];
    located_t before[2];
    draw_near_blocks(law, low, count_on(low, LANES), high, c, next);
    for (uint64_t step = 1; step < steps; step++) {
        locate(law, is_cut, c, &before[0]);
        locate(law, is_cut, next, &before[1]);
        low = count_on(low, 2 * LANES);
        draw_and_look_up(law, low, count_on(low, LANES), high, before, c, next, z);
        interleave(z);
        store(law, z, out);
        out += 4 * LANES * law->itemsize;
        interleave(z + 4);
        store(law, z + 4, out);
        out += 4 * LANES * law->itemsize;
    }
    finish(law, 1, is_cut, c, out);
    out += 4 * LANES * law->itemsize;
    finish(law, 1, is_cut, next, out);
    return out + 4 * LANES * law->itemsize;
}

/* Lists the blocks from one on in the order in which vectors have them. */
static void list_blocks(uint64_t block, uint64_t list[LANES])
{
    for (int p = 0; p < LANES; p++)
        list[LISTED(p)] = block + (uint64_t)BLOCK(p);
}

/* Writes `length` elements that lie together, from any index of the stream on. */
INLINE void draw_run(
    const law_t *law, int is_normal, int is_cut, uint64_t start, int64_t length, char *out)
{
    char part[4 * LANES * MOST_BYTES];
    uint64_t block = start >> 2;
    int64_t skipped = (int64_t)(start & 3);
    while (length > 0) {
        uint64_t list[LANES];
        words_t low, high, c[4];
        list_blocks(block, list);
        listed(list, &low, &high);
        /* How often the low words can be counted on before they overflow. */
        uint64_t left = (((uint64_t)1 << 32) - (block & 0xFFFFFFFFu)) / (2 * LANES);
        if (!skipped && left && length >= 8 * LANES) {
            uint64_t steps = (uint64_t)length / (8 * LANES);
            if (steps > left)
                steps = left;
            uint32_t top = (uint32_t)(block >> 32);
            out = is_normal ? draw_normal_steps(law, is_cut, low, top, steps, out)
                            : draw_uniform_steps(law, low, top, steps, out);
            block += steps * 2 * LANES;
            length -= (int64_t)steps * 8 * LANES;
            continue;
        }
        int64_t here = 4 * LANES - skipped;
        if (here > length)
            here = length;
        draw_blocks(law, low, high, c);
        finish(law, is_normal, is_cut, c, part);
        memcpy(out, part + skipped * law->itemsize, (size_t)(here * law->itemsize));
        out += here * law->itemsize;
        length -= here;
        block += LANES;
        skipped = 0;
    }
}

static void draw_uniform_run(const law_t *law, uint64_t start, int64_t length, char *out)
{
    draw_run(law, 0, 0, start, length, out);
}

static void draw_normal_run(const law_t *law, uint64_t start, int64_t length, char *out)
{
    draw_run(law, 1, 0, start, length, out);
}

static void draw_cut_run(const law_t *law, uint64_t start, int64_t length, char *out)
{
    draw_run(law, 1, 1, start, length, out);
}

/* Writes the elements of words, of which there are up to a multiple of 4 * LANES. */
INLINE void write_law(
    const law_t *law, int is_normal, int is_cut, const uint32_t *words, int64_t length, char *out)
{
    char part[4 * LANES * MOST_BYTES];
    for (; length > 0; length -= 4 * LANES, words += 4 * LANES, out += 4 * LANES * law->itemsize) {
        words_t read[4];
        ints_t z[4];
        read[0] = loaded(words), read[1] = loaded(words + LANES);
        read[2] = loaded(words + 2 * LANES), read[3] = loaded(words + 3 * LANES);
        make_integers(law, is_normal, is_cut, read, z);
        if (length >= 4 * LANES) {
            store(law, z, out);
        } else {
            store(law, z, part);
            memcpy(out, part, (size_t)(length * law->itemsize));
        }
    }
}

static void write_words(const law_t *law, const uint32_t *words, int64_t length, char *out)
{
    if (!law->is_normal)
        write_law(law, 0, 0, words, length, out);
    else if (!law->is_cut)
        write_law(law, 1, 0, words, length, out);
    else
        write_law(law, 1, 1, words, length, out);
}

/* Writes elements apart from each other; `far` is in elements. */
static void spread(const char *source, int64_t length, int64_t itemsize, int64_t far, char *out)
{
    if (itemsize == 4)
        for (int64_t i = 0; i < length; i++)
            memcpy(out + i * far * 4, source + i * 4, 4);
    else if (itemsize == 2)
        for (int64_t i = 0; i < length; i++)
            memcpy(out + i * far * 2, source + i * 2, 2);
    else
        for (int64_t i = 0; i < length; i++)
            memcpy(out + i * far * 8, source + i * 8, 8);
}

/* Runs that are drawn together. */
typedef struct {
    int64_t runs, blocks;
    run_t run[BATCH];
    uint64_t list[BATCH];
    uint32_t words[4 * BATCH];
    char values[4 * BATCH * MOST_BYTES];
} batch_t;

/* Draws the runs of a batch, writes them, and empties it. */
static void write_batch(const law_t *law, batch_t *batch, int64_t far, char *out)
{
    int64_t length = 0;
    uint32_t *words = batch->words;
    /* What is left in a list is drawn in vain, but must be numbers. */
    for (int64_t b = batch->blocks; b % LANES; b++)
        batch->list[(b & -LANES) + LISTED(POSITION(b % LANES))] = 0;
    for (int64_t b = 0; b < batch->blocks; b += LANES) {
        words_t low, high, c[4];
        ints_t z[4];
        listed(batch->list + b, &low, &high);
        draw_blocks(law, low, high, c);
        z[0] = joined(c[0]), z[1] = joined(c[1]), z[2] = joined(c[2]), z[3] = joined(c[3]);
        interleave(z);
        for (int group = 0; group < 4; group++)
            store_words(z[group], words + 4 * b + group * LANES);
    }
    const uint32_t *source = words;
    for (int64_t r = 0; r < batch->runs; r++) {
        const run_t *run = batch->run + r;
        /* Each goes towards the front, if anywhere. */
        if (source + run->lane != words + length)
            for (int64_t i = 0; i < run->length; i++)
                words[length + i] = source[run->lane + i];
        length += run->length;
        source += (run->lane + run->length + 3) & ~3;
    }
    write_words(law, words, length, batch->values);
    const char *values = batch->values;
    for (int64_t r = 0; r < batch->runs; r++) {
        const run_t *run = batch->run + r;
        spread(values, run->length, law->itemsize, far, out + run->place * law->itemsize);
        values += run->length * law->itemsize;
    }
    batch->runs = batch->blocks = 0;
}

/* Enters a run, in parts where the batch is full. */
static void enter_run(
    const law_t *law, batch_t *batch, uint64_t start, int64_t length, int64_t place, int64_t far,
    char *out)
{
    while (length > 0) {
        int64_t lane = (int64_t)(start & 3), room = 4 * (BATCH - batch->blocks) - lane;
        if (room <= 0) {
            write_batch(law, batch, far, out);
            continue;
        }
        int64_t here = length < room ? length : room;
        uint64_t block = start >> 2;
        batch->run[batch->runs++] = (run_t){place, (int32_t)lane, (int32_t)here};
        for (int64_t end = batch->blocks + ((lane + here + 3) >> 2); batch->blocks < end;) {
            int64_t b = batch->blocks++;
            batch->list[(b & -LANES) + LISTED(POSITION(b % LANES))] = block++;
        }
        start += (uint64_t)here;
        place += here * far;
        length -= here;
    }
}

/* A tile: its extent, and where it begins in canonical order and in memory. */
typedef struct {
    const int64_t *sizes, *counts, *steps, *order;
    int64_t axes, rows, extent[MOST_AXES], at[MOST_AXES];
    int64_t start, place;
} tile_t;

static void move_to(tile_t *tile, const job_t *job, int64_t number)
{
    const int64_t *shape = job->geometry, axes = job->axes;
    *tile = (tile_t){
        .sizes = shape,
        .counts = shape + axes,
        .steps = shape + 2 * axes,
        .order = shape + 4 * axes,
        .axes = axes,
        .rows = 1,
        .start = job->base,
    };
    for (int64_t axis = axes - 1; axis >= 0; axis--) {
        int64_t whole = shape[3 * axes + axis], across = (shape[axis] + whole - 1) / whole;
        int64_t corner = number % across * whole, left = shape[axis] - corner;
        number /= across;
        tile->extent[axis] = left < whole ? left : whole;
        tile->start += corner * tile->counts[axis];
        tile->place += corner * tile->steps[axis];
        if (axis < axes - 1)
            tile->rows *= tile->extent[axis];
    }
}

/* Goes on to the next row: in the order of memory, or canonically where `order` is null. */
static void next_row(tile_t *tile, const int64_t *order)
{
    for (int64_t k = tile->axes - 1; k >= 0; k--) {
        int64_t axis = order ? order[k] : k;
        if (axis == tile->axes - 1)
            continue;
        tile->start += tile->counts[axis];
        tile->place += tile->steps[axis];
        if (++tile->at[axis] < tile->extent[axis])
            return;
        tile->start -= tile->extent[axis] * tile->counts[axis];
        tile->place -= tile->extent[axis] * tile->steps[axis];
        tile->at[axis] = 0;
    }
}

/* Draws a tile run by run along the stream. */
static void draw_runs(const law_t *law, tile_t *tile, char *out)
{
    int64_t length = tile->extent[tile->axes - 1], far = tile->steps[tile->axes - 1];
    batch_t batch;
    batch.runs = batch.blocks = 0;
    if (far != 1 || length < LONG_RUN)
        memset(batch.words, 0, sizeof batch.words); /* what is left of it is read too */
    for (int64_t row = 0; row < tile->rows; row++) {
        uint64_t start = (uint64_t)tile->start;
        if (far != 1 || length < LONG_RUN)
            enter_run(law, &batch, start, length, tile->place, far, out);
        else if (!law->is_normal)
            draw_uniform_run(law, start, length, out + tile->place * law->itemsize);
        else if (!law->is_cut)
            draw_normal_run(law, start, length, out + tile->place * law->itemsize);
        else
            draw_cut_run(law, start, length, out + tile->place * law->itemsize);
        next_row(tile, NULL);
    }
    if (batch.runs)
        write_batch(law, &batch, far, out);
}

/* Rows that are drawn together, plane by plane. */
typedef struct {
    int64_t rows, place[BATCH];
    int together;               /* whether they are neighbours in memory */
    int different;              /* whether they do not all begin with a block */
    int near;                   /* whether all their blocks have one high word */
    uint64_t list[BATCH];       /* their blocks */
    uint32_t odd[BATCH], upper[BATCH]; /* of each row's lane the two bits, as masks */
    uint32_t planes[8][BATCH];  /* the last that were drawn; plane p is planes[p % 8] */
    uint32_t aligned[BATCH];
    char values[BATCH * MOST_BYTES];
} rows_t;

static void list_rows(rows_t *rows, tile_t *tile, int64_t count)
{
    /* The axis that memory runs along; rows on it lie at one distance from each other. */
    int64_t inner = tile->order[tile->axes - 1], length = tile->extent[tile->axes - 1];
    int64_t apart = tile->counts[inner], far = tile->steps[inner];
    int64_t top = tile->start >> 34;
    rows->rows = count;
    rows->together = rows->near = 1;
    rows->different = 0;
    for (int64_t row = 0; row < count;) {
        int64_t here = tile->extent[inner] - tile->at[inner], start = tile->start;
        if (here > count - row)
            here = count - row;
        rows->together &= !row || tile->place == rows->place[0] + row;
        rows->together &= here == 1 || far == 1;
        rows->near &= start >> 34 == top && (start + (here - 1) * apart + length + 3) >> 34 == top;
        for (int64_t end = row + here; row < end; row++, start += apart) {
            uint32_t lane = (uint32_t)(start & 3);
            rows->place[row] = tile->place;
            rows->different |= lane != 0;
            rows->odd[row] = 0u - (lane & 1);
            rows->upper[row] = 0u - (lane >> 1);
            rows->list[(row & -LANES) + LISTED(row % LANES)] = (uint64_t)start >> 2;
            tile->place += far;
        }
        tile->at[inner] += here - 1;
        tile->start += (here - 1) * apart;
        tile->place -= far;
        next_row(tile, tile->order);
    }
    for (int64_t row = count; row % (2 * LANES); row++)
        rows->list[(row & -LANES) + LISTED(row % LANES)] = 0;
}

/* Writes of 2 * LANES rows, or as many as there are, up to four planes. */
static void store_some_rows(
    const law_t *law, const ints_t z[8], int64_t rows, int64_t planes, int64_t far, char *out)
{
    char part[2 * LANES * MOST_BYTES];
    if (rows > 2 * LANES)
        rows = 2 * LANES;
    for (int plane = 0; plane < 4 && plane < planes; plane++) {
        store_two(law, z[plane], z[4 + plane], part);
        memcpy(out, part, (size_t)(rows * law->itemsize));
        out += far * law->itemsize;
    }
}

INLINE void store_rows(
    const law_t *law, const ints_t z[8], int64_t rows, int64_t planes, int64_t far, char *out)
{
    if (rows >= 2 * LANES && planes >= 4) {
        far *= law->itemsize;
        store_two(law, z[0], z[4], out);
        store_two(law, z[1], z[5], out + far);
        store_two(law, z[2], z[6], out + 2 * far);
        store_two(law, z[3], z[7], out + 3 * far);
    } else {
        ints_t kept[8]; /* so that the others need not lie in memory */
        for (int i = 0; i < 8; i++)
            kept[i] = z[i];
        store_some_rows(law, kept, rows, planes, far, out);
    }
}

/* Has the lines that `store_rows` is to write fetched: lookups read what was just stored, and would
   wait behind stores that wait for memory. */
INLINE void fetch_rows(const law_t *law, int64_t far, const char *out)
{
    uintptr_t line = (uintptr_t)out, apart = (uintptr_t)(far * law->itemsize);
    for (int plane = 0; plane < 4; plane++, line += apart)
        for (int64_t byte = 0; byte < 2 * LANES * law->itemsize; byte += 64)
            FETCH((const char *)(line + (uintptr_t)byte));
}

/* Draws rows that are neighbours in memory and begin with blocks of one high word: every word of
   a block has a plane of its own, so nothing is interleaved. `out` is where the first lies. */
INLINE void draw_near_rows(
    const law_t *law, int is_normal, int is_cut, const rows_t *rows, int64_t length, int64_t far,
    char *out)
{
    uint32_t high = (uint32_t)(rows->list[0] >> 32);
    words_t low, next_low, unused, c[4], next[4];
    located_t before[2];
    ints_t z[8];
    char *line = out;
    int64_t row = 0, plane = 0;
#define LIST                                                        \
    listed(rows->list + row, &low, &unused);                        \
    listed(rows->list + row + LANES, &next_low, &unused);           \
    low = count_on(low, (uint64_t)plane >> 2);                      \
    next_low = count_on(next_low, (uint64_t)plane >> 2)
    LIST;
    draw_near_blocks(law, low, next_low, high, c, next);
    for (;;) {
        int64_t left = rows->rows - row, planes = length - plane;
        char *here = line + row * law->itemsize;
        fetch_rows(law, far, here + 4 * far * law->itemsize);
        if (is_normal) {
            locate(law, is_cut, c, &before[0]);
            locate(law, is_cut, next, &before[1]);
        } else {
            make_integers(law, 0, 0, c, z);
            make_integers(law, 0, 0, next, z + 4);
            store_rows(law, z, left, planes, far, here);
        }
        row += 2 * LANES;
        if (row >= rows->rows) {
            row = 0;
            plane += 4;
            line += 4 * far * law->itemsize;
            if (plane >= length) {
                if (is_normal) {
                    make_integers(law, 1, is_cut, c, z);
                    make_integers(law, 1, is_cut, next, z + 4);
                    store_rows(law, z, left, planes, far, here);
                }
                return;
            }
        }
        LIST;
        if (is_normal) {
            draw_and_look_up(law, low, next_low, high, before, c, next, z);
            store_rows(law, z, left, planes, far, here);
        } else {
            draw_near_blocks(law, low, next_low, high, c, next);
        }
    }
#undef LIST
}

static void draw_uniform_rows(
    const law_t *law, const rows_t *rows, int64_t length, int64_t far, char *out)
{
    draw_near_rows(law, 0, 0, rows, length, far, out);
}

static void draw_normal_rows(
    const law_t *law, const rows_t *rows, int64_t length, int64_t far, char *out)
{
    draw_near_rows(law, 1, 0, rows, length, far, out);
}

static void draw_cut_rows(
    const law_t *law, const rows_t *rows, int64_t length, int64_t far, char *out)
{
    draw_near_rows(law, 1, 1, rows, length, far, out);
}

/* Draws four planes, of the blocks that lie `ahead` of those that the rows begin in. */
static void draw_planes(const law_t *law, rows_t *rows, uint64_t ahead)
{
    uint32_t(*planes)[BATCH] = rows->planes + 4 * (ahead & 1);
    for (int64_t row = 0; row < rows->rows; row += LANES) {
        words_t low, high, c[4];
        uint64_t list[LANES];
        for (int p = 0; p < LANES; p++)
            list[p] = rows->list[row + p] + ahead;
        listed(list, &low, &high);
        draw_blocks(law, low, high, c);
        for (int plane = 0; plane < 4; plane++)
            store_words(joined(c[plane]), planes[plane] + row);
    }
}

/* Takes of each row the word of a plane, counted from where the row begins. */
static const uint32_t *align_plane(rows_t *rows, int64_t plane)
{
    const uint32_t *raw0 = rows->planes[plane & 7], *raw1 = rows->planes[(plane + 1) & 7];
    const uint32_t *raw2 = rows->planes[(plane + 2) & 7], *raw3 = rows->planes[(plane + 3) & 7];
    if (!rows->different)
        return raw0;
    for (int row = 0; row < BATCH; row++) {
        uint32_t low = raw0[row] ^ ((raw0[row] ^ raw1[row]) & rows->odd[row]);
        uint32_t high = raw2[row] ^ ((raw2[row] ^ raw3[row]) & rows->odd[row]);
        rows->aligned[row] = low ^ ((low ^ high) & rows->upper[row]);
    }
    return rows->aligned;
}

static void write_plane(
    const law_t *law, rows_t *rows, const uint32_t *words, int64_t offset, char *out)
{
    int64_t itemsize = law->itemsize;
    if (rows->together) {
        write_words(law, words, rows->rows, out + (rows->place[0] + offset) * itemsize);
        return;
    }
    write_words(law, words, rows->rows, rows->values);
    for (int64_t row = 0; row < rows->rows; row++)
        spread(rows->values + row * itemsize, 1, itemsize, 0,
               out + (rows->place[row] + offset) * itemsize);
}

/* Draws a tile plane by plane, one for every step along the stream: so that a weight is written
   transposed without being turned. */
static void draw_by_planes(const law_t *law, tile_t *tile, char *out)
{
    int64_t last = tile->axes - 1, length = tile->extent[last], far = tile->steps[last];
    rows_t rows;
    memset(rows.planes, 0, sizeof rows.planes);
    memset(rows.odd, 0, sizeof rows.odd);
    memset(rows.upper, 0, sizeof rows.upper);
    for (int64_t row = 0; row < tile->rows; row += BATCH) {
        uint64_t drawn = 0;
        list_rows(&rows, tile, tile->rows - row < BATCH ? tile->rows - row : BATCH);
        if (rows.together && rows.near && !rows.different) {
            char *first = out + rows.place[0] * law->itemsize;
            if (!law->is_normal)
                draw_uniform_rows(law, &rows, length, far, first);
            else if (!law->is_cut)
                draw_normal_rows(law, &rows, length, far, first);
            else
                draw_cut_rows(law, &rows, length, far, first);
            continue;
        }
        for (int64_t plane = 0; plane < length; plane++) {
            while ((int64_t)(4 * drawn) < plane + (rows.different ? 4 : 1))
                draw_planes(law, &rows, drawn++);
            write_plane(law, &rows, align_plane(&rows, plane), plane * far, out);
        }
    }
}

void DRAW(const entry_t *entry, const row_t *table)
{
    const job_t *job = (const job_t *)(intptr_t)entry->job;
    law_t law;
    tile_t tile;
    prepare(&law, entry, table);
    for (int64_t number = entry->first_tile; number < entry->last_tile; number++) {
        move_to(&tile, job, number);
        if (job->by_planes)
            draw_by_planes(&law, &tile, (char *)(intptr_t)entry->out);
        else
            draw_runs(&law, &tile, (char *)(intptr_t)entry->out);
    }
}
