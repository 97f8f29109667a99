"""The code that Triton makes of the kernels, for GPUs that are not there.

In a process of its own: elsewhere the kernels are loaded for the interpreter.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

#: Along the stream and across it, each law and dtype somewhere.
CODE = """
import json
from common.triton_targets import TARGETS, compiled
from fanwise.adapters.torch.drawing import triton_kernels
from fanwise.adapters.torch.drawing.triton_entries import forms
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve

normal = scheme("normal", mean=0.3)
cut = scheme("truncated_normal", mean=0.3)
asked = {
    "along": (scheme("uniform"), "kernel", "float32"),
    "along, normal": (normal, "kernel", "float32"),
    "along, bfloat16": (cut, "kernel", "bfloat16"),
    "across": (scheme("uniform"), "torch", "float32"),
    "across, normal": (normal, "torch", "float32"),
    "across, float16": (cut, "torch", "float16"),
    "across, float64": (normal, "torch", "float64"),
}
found = {}
for target in TARGETS:
    for name, (chosen, axes, dtype) in asked.items():
        (form,) = forms(resolve(chosen, (512, 512), axes), None, (512, 1), dtype, aligned=True)
        made = compiled(triton_kernels.fill_one, form.kind, target)
        found[f"{target}, {name}"] = made.asm["amdgcn" if target == "gfx942" else "ptx"]
    made = compiled(triton_kernels.fill_many, form.kind, target)
    found[f"{target}, many"] = made.asm["amdgcn" if target == "gfx942" else "ptx"]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    """Compile all kernels anew."""
    tests = Path(__file__).parents[1]
    variables = {"TRITON_CACHE_DIR": str(tmp_path_factory.mktemp("triton"))}
    run = run_with(CODE, tests, variables)
    return json.loads(run)


def run_with(code, tests, variables):
    environment = {**os.environ, **variables}
    environment["PYTHONPATH"] = os.pathsep.join([str(tests), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def instructions(text):
    """Count the instructions by their names."""
    named = re.findall(r"^\s+(?:@!?%p\d+\s+)?([a-z][\w.:]*)", text, re.MULTILINE)
    return Counter(named)


def test_no_product_is_joined_with_a_sum(assembly):
    """Of floats: a multiply-add would round once where the definition rounds twice."""
    for name, text in assembly.items():
        fused = [i for i in instructions(text) if re.match(r"fma|v_fma|v_mac|v_pk_fma|mad\.f", i)]
        assert not fused, name


def test_products_and_sums_are_there(assembly):
    names = instructions(assembly["sm_90, along, normal"])
    assert names["mul.rn.f32"] + names["mul.f32"] == 16
    assert names["add.rn.f32"] + names["add.f32"] == 16


def test_nothing_is_flushed_to_zero(assembly):
    assert not any(".ftz" in text for text in assembly.values())


def test_four_elements_are_stored_at_once_along_the_stream(assembly):
    for target in ("sm_80", "sm_90"):
        assert instructions(assembly[f"{target}, along"])["st.global.v4.b32"] == 4
        assert instructions(assembly[f"{target}, along, bfloat16"])["st.global.v2.b32"] == 4
    assert instructions(assembly["gfx942, along"])["global_store_dwordx4"] == 2


def test_an_element_takes_two_loads_and_no_shared_memory(assembly):
    for target in ("sm_80", "sm_90"):
        for way in ("along, normal", "across, normal"):
            names = instructions(assembly[f"{target}, {way}"])
            loads = sum(n for name, n in names.items() if name.startswith("ld.global"))
            assert loads == 2 * 16
            assert not [name for name in names if name.startswith(("st.shared", "bar."))]


def test_a_block_is_nineteen_products(assembly):
    """Of Philox's twenty one is of a word that is 0."""
    names = instructions(assembly["gfx942, along"])
    assert names["v_mad_u64_u32"] == 2 * 19


def test_nothing_is_spilled(assembly):
    for name, text in assembly.items():
        if name.startswith("gfx942"):
            assert ".vgpr_spill_count: 0" in text
            assert ".sgpr_spill_count: 0" in text
        else:
            assert ".local" not in text
