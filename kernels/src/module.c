/* The module fanwise_kernels: which instruction set draws, and the calls from Python. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <float.h>
#include <string.h>

#include "layout.h"
#include "reflections.h"
#include "target.h"

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "Products must be rounded at once: on 32-bit x86 pass -msse2 -mfpmath=sse."
#endif

/* Drawing more elements takes so long that other threads may run meanwhile. */
#define WORTH_RELEASING (1 << 15)

typedef struct {
    const char *name;
    draw_t *draw;
    make_panel_t *make_panel;
    apply_panel_t *apply_panel;
    write_panel_t *write_panel;
} set_t;

/* What this build has and this processor can run, best first. */
static set_t sets[4];
static int set_count;
static draw_t *chosen;
static make_panel_t *make_panel;
static apply_panel_t *apply_panel;
static write_panel_t *write_panel;

static void choose(const set_t *set)
{
    chosen = set->draw;
    make_panel = set->make_panel;
    apply_panel = set->apply_panel;
    write_panel = set->write_panel;
}

static void find_sets(void)
{
    set_count = 0;
#if HAS_AVX
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        sets[set_count++] = (set_t){"avx512", fanwise_draw_avx512, fanwise_make_panel_avx512,
                                    fanwise_apply_panel_avx512, fanwise_write_panel_avx512};
    /* No processor has AVX2 without F16C, which __builtin_cpu_supports knows of only lately. */
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        sets[set_count++] = (set_t){"avx2", fanwise_draw_avx2, fanwise_make_panel_avx2,
                                    fanwise_apply_panel_avx2, fanwise_write_panel_avx2};
#endif
#if HAS_SSE2
    sets[set_count++] = (set_t){"sse2", fanwise_draw_sse2, NULL, NULL, NULL};
#endif
#if HAS_NEON
    sets[set_count++] = (set_t){"neon", fanwise_draw_neon, fanwise_make_panel_neon,
                                fanwise_apply_panel_neon, fanwise_write_panel_neon};
#endif
    sets[set_count++] = (set_t){"plain", fanwise_draw_plain, NULL, NULL, NULL};
    choose(sets);
}

static PyObject *instruction_sets(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    PyObject *names = PyTuple_New(set_count);
    for (int i = 0; names && i < set_count; i++) {
        PyObject *name = PyUnicode_FromString(sets[i].name);
        if (!name || PyTuple_SetItem(names, i, name) < 0)
            Py_CLEAR(names);
    }
    return names;
}

static PyObject *use(PyObject *module, PyObject *name)
{
    (void)module;
    for (int i = 0; i < set_count; i++) {
        PyObject *known = PyUnicode_FromString(sets[i].name);
        int same = known ? PyObject_RichCompareBool(name, known, Py_EQ) : -1;
        Py_XDECREF(known);
        if (same < 0)
            return NULL;
        if (same) {
            choose(sets + i);
            Py_RETURN_NONE;
        }
    }
    PyErr_Format(PyExc_ValueError, "%R is none of instruction_sets()", name);
    return NULL;
}

static int read_numbers(PyObject *const *args, Py_ssize_t given, int64_t *numbers, int expected)
{
    if (given != expected) {
        PyErr_Format(PyExc_TypeError, "expected %d numbers, got %zd", expected, given);
        return -1;
    }
    for (int i = 0; i < expected; i++) {
        numbers[i] = PyLong_AsLongLong(args[i]);
        if (numbers[i] == -1 && PyErr_Occurred())
            return -1;
    }
    return 0;
}

/* draw(entries, first, last, table) */
static PyObject *draw(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[4];
    (void)module;
    if (read_numbers(args, given, numbers, 4) < 0)
        return NULL;
    const entry_t *entries = (const entry_t *)(intptr_t)numbers[0];
    draw_t *draw_tiles = chosen;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t number = numbers[1]; number < numbers[2]; number++)
        draw_tiles(entries + number, (const row_t *)(intptr_t)numbers[3]);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* draw_weight(job, scale, out, k0, k1, table) */
static PyObject *draw_weight(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[6], size = 1, tiles = 1;
    (void)module;
    if (read_numbers(args, given, numbers, 6) < 0)
        return NULL;
    const job_t *job = (const job_t *)(intptr_t)numbers[0];
    const row_t *table = (const row_t *)(intptr_t)numbers[5];
    for (int64_t axis = 0; axis < job->axes; axis++) {
        int64_t tile = job->geometry[3 * job->axes + axis];
        if (tile < 1)
            Py_RETURN_NONE; /* an axis of no elements */
        size *= job->geometry[axis];
        tiles *= (job->geometry[axis] + tile - 1) / tile;
    }
    entry_t entry = {numbers[2], numbers[0], numbers[1], 0, tiles, numbers[3], numbers[4]};
    if (size < WORTH_RELEASING) {
        chosen(&entry, table);
    } else {
        draw_t *draw_tiles = chosen;
        Py_BEGIN_ALLOW_THREADS
        draw_tiles(&entry, table);
        Py_END_ALLOW_THREADS
    }
    Py_RETURN_NONE;
}

/* block(c0, c1, c2, c3, k0, k1) */
static PyObject *block(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[6];
    uint32_t words[6];
    (void)module;
    if (read_numbers(args, given, numbers, 6) < 0)
        return NULL;
    for (int i = 0; i < 6; i++)
        words[i] = (uint32_t)numbers[i];
    for (int n = 0; n < 10; n++) {
        uint64_t p0 = (uint64_t)words[0] * M0, p1 = (uint64_t)words[2] * M1;
        words[0] = (uint32_t)(p1 >> 32) ^ words[1] ^ words[4];
        words[1] = (uint32_t)p1;
        words[2] = (uint32_t)(p0 >> 32) ^ words[3] ^ words[5];
        words[3] = (uint32_t)p0;
        words[4] += W0;
        words[5] += W1;
    }
    return Py_BuildValue("IIII", words[0], words[1], words[2], words[3]);
}

/* Reads numbers, as the functions for reflections take them. */
static int read_reflections(PyObject *const *args, Py_ssize_t given, int64_t *numbers, int expected)
{
    if (!make_panel) {
        PyErr_SetString(PyExc_RuntimeError, "this instruction set has no reflections");
        return -1;
    }
    return read_numbers(args, given, numbers, expected);
}

static PyObject *reflects(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyBool_FromLong(make_panel != NULL);
}

/* make_reflections(reflections, panel, gaussian, down, along) */
static PyObject *make_reflections(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[5];
    (void)module;
    if (read_reflections(args, given, numbers, 5) < 0)
        return NULL;
    const double *gaussian = (const double *)(intptr_t)numbers[2];
    make_panel_t *make = make_panel; /* another thread may choose anew meanwhile */
    Py_BEGIN_ALLOW_THREADS
    make((const reflections_t *)(intptr_t)numbers[0], numbers[1], gaussian, numbers[3],
         numbers[4]);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* apply_reflections(reflections, panel, last, columns) */
static PyObject *apply_reflections(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[4];
    (void)module;
    if (read_reflections(args, given, numbers, 4) < 0)
        return NULL;
    apply_panel_t *apply = apply_panel;
    Py_BEGIN_ALLOW_THREADS
    apply((const reflections_t *)(intptr_t)numbers[0], numbers[1], numbers[2],
          (double *)(intptr_t)numbers[3]);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* write_reflected(reflections, panel, work) */
static PyObject *write_reflected(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[3];
    (void)module;
    if (read_reflections(args, given, numbers, 3) < 0)
        return NULL;
    write_panel_t *write = write_panel;
    Py_BEGIN_ALLOW_THREADS
    write((const reflections_t *)(intptr_t)numbers[0], 0, numbers[1],
          (double *)(intptr_t)numbers[2]);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* write_orthonormal(reflections, work, gaussians, apart, down, along) */
static PyObject *write_orthonormal(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    int64_t numbers[6];
    (void)module;
    if (read_reflections(args, given, numbers, 6) < 0)
        return NULL;
    const reflections_t *all = (const reflections_t *)(intptr_t)numbers[0];
    const double *gaussian = (const double *)(intptr_t)numbers[2];
    int64_t apart = numbers[3], down = numbers[4], along = numbers[5];
    make_panel_t *make = make_panel;
    write_panel_t *write = write_panel;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t matrix = 0; matrix < all->count; matrix++, gaussian += apart) {
        for (int64_t panel = 0; panel < all->panels; panel++)
            make(all, panel, gaussian + panel * all->width * (down + along), down, along);
        for (int64_t panel = 0; panel < all->panels; panel++)
            write(all, matrix, panel, (double *)(intptr_t)numbers[1]);
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

#define FAST(function) ((PyCFunction)(void (*)(void))(function))

static PyMethodDef methods[] = {
    {"instruction_sets", instruction_sets, METH_NOARGS,
     "instruction_sets()\n--\n\nReturn what this build and this processor can run, best first."},
    {"use", use, METH_O, "use(name, /)\n--\n\nHave one of instruction_sets() draw from now on."},
    {"draw", FAST(draw), METH_FASTCALL,
     "draw(entries, first, last, table, /)\n--\n\n"
     "Draw some entries: tiles of blocks, of one weight or of many. Other threads run meanwhile."},
    {"block", FAST(block), METH_FASTCALL,
     "block(c0, c1, c2, c3, k0, k1, /)\n--\n\nCompute the four words of one Philox block."},
    {"draw_weight", FAST(draw_weight), METH_FASTCALL,
     "draw_weight(job, scale, out, k0, k1, table, /)\n--\n\n"
     "Draw all tiles of one block, which begins at the address out."},
    {"reflects", reflects, METH_NOARGS,
     "reflects()\n--\n\nReturn whether the instruction set has what the next four take."},
    {"make_reflections", FAST(make_reflections), METH_FASTCALL,
     "make_reflections(reflections, panel, gaussian, down, along, /)\n--\n\n"
     "Make a panel of one matrix."},
    {"apply_reflections", FAST(apply_reflections), METH_FASTCALL,
     "apply_reflections(reflections, panel, last, columns, /)\n--\n\n"
     "Apply a panel to the columns of the identity that are the last one's own."},
    {"write_reflected", FAST(write_reflected), METH_FASTCALL,
     "write_reflected(reflections, panel, work, /)\n--\n\n"
     "Write a panel's columns of the first matrix."},
    {"write_orthonormal", FAST(write_orthonormal), METH_FASTCALL,
     "write_orthonormal(reflections, work, gaussians, apart, down, along, /)\n--\n\n"
     "Do both for all panels of all matrices."},
    {NULL, NULL, 0, NULL},
};

static int fill_module(PyObject *module)
{
    find_sets();
    return PyModule_AddIntConstant(module, "ABI", FANWISE_ABI);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill_module},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "fanwise_kernels",
    .m_doc = "The machine code that draws Fanwise's weights; called by fanwise.core alone.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_fanwise_kernels(void)
{
    return PyModuleDef_Init(&definition);
}
