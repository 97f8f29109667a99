"""What PEFT's adapters start their parameters with: a line for each part of a tuner's layer.

The lines are read from ``peft.tuners`` of PEFT 0.21, which is not imported: a tuner's layer says
itself, by ``adapter_layer_names``, what it adds to the layer below it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme
from fanwise.spec.weights import Start

#: What a parameter starts with, from its shape, the layer it is added to, and the adapter's config.
Law = Callable[[tuple[int, ...], Any, Any], Scheme]


class AdapterStart(NamedTuple):
    """A line of the table.

    Attributes:
        part: a pattern of the tuner, of what it calls the part, and of the parameter in that.
        law: what it starts with as a rule.
        inits: other starts, by what the config says of the start (``init_weights=``).
    """

    part: str
    law: Law | None
    inits: Mapping[object, Law | None] = {}


def _torch(_shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    """Stand for what torch's layer starts with by itself."""
    raise NotImplementedError


def _untold(_shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    """Stand for a start that is no law of single numbers."""
    raise NotImplementedError


def _scheme(name: str, **params: float) -> Law:
    chosen = scheme(name, **params)
    return lambda _shape, _layer, _config: chosen


def _uniform(bound: float) -> Scheme:
    return scheme("uniform", low=-bound, high=bound)


def _linear(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    """Return what ``kaiming_uniform_(a=sqrt(5))`` draws, the start of ``nn.Linear``."""
    return _uniform(1 / math.sqrt(math.prod(shape[1:])))


def _linear_of_skills(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    return _uniform(1 / math.sqrt(shape[-2]))


def _linear_in_pairs(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    """Return the start of the first column of each pair, which the second is the same as."""
    return _uniform(1 / math.sqrt(shape[1] // 2 if shape[1] % 2 == 0 else shape[1]))


def _over_rank(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    return scheme("normal", std=1 / shape[0])


def _glorot_of_layer(_shape: tuple[int, ...], layer: Any, _config: Any) -> Scheme:
    return _uniform(math.sqrt(6 / (layer.in_features + layer.out_features)))


def _kaiming_of_layer(_shape: tuple[int, ...], layer: Any, _config: Any) -> Scheme:
    return _uniform(1 / math.sqrt(layer.in_features))


def _by_blocks(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    """Return the start of linear layers that lie one behind the other in one tensor."""
    return _uniform(1 / math.sqrt(shape[1]))


def _over_length(shape: tuple[int, ...], _layer: Any, _config: Any) -> Scheme:
    return scheme("constant", value=1 / max(shape))


def _logits(_shape: tuple[int, ...], _layer: Any, config: Any) -> Scheme:
    return scheme("normal", std=config.init_logits_std)


def _bound(name: str) -> Law:
    return lambda _shape, _layer, config: _uniform(getattr(config, name))


def _constant(name: str) -> Law:
    return lambda _shape, _layer, config: scheme("constant", value=getattr(config, name))


_ZEROS, _ONES, _NORMAL = _scheme("zeros"), _scheme("ones"), _scheme("normal")
_SMALL: Final = _scheme("normal", std=0.02)
_TENTH: Final = _scheme("normal", std=0.1)
#: What is computed from the weights below, or was copied from them, as it is now.
_KEPT: Final[Law | None] = None
#: Starts of LoRA that are computed from the weight below; the two matrices hold them.
_OF_BASE: Final[dict[object, Law | None]] = dict.fromkeys(
    ("pissa", "olora", "mica", "corda", "loftq", "eva", "orthogonal", "lora_ga"), _KEPT
)

#: What configs call the way in which their adapters start.
_INITS: Final = ("init_lora_weights", "init_ia3_weights", "init_weights", "prompt_tuning_init")

#: The first line that fits counts.
ADAPTER_STARTS: Final = (
    AdapterStart("adalora.lora_[AB]", _SMALL, {False: _NORMAL}),
    AdapterStart("adalora.lora_E", _ZEROS, {False: _NORMAL}),
    AdapterStart("*.lora_A", _linear, {"gaussian": _over_rank, **_OF_BASE}),
    AdapterStart("*.lora_B", _ZEROS, {False: _linear, **_OF_BASE}),
    AdapterStart("*.lora_embedding_A", _ZEROS, {False: _NORMAL, **_OF_BASE}),
    AdapterStart("*.lora_embedding_B", _NORMAL, _OF_BASE),
    AdapterStart("*.lora_magnitude_vector", _KEPT),
    AdapterStart("*.lora_diag", _NORMAL),
    AdapterStart("hira.hira_A", _linear, {"gaussian": _over_rank, False: _NORMAL}),
    AdapterStart("hira.hira_B", _ZEROS, {False: _NORMAL}),
    AdapterStart("hira.hira_embedding_A", _ZEROS, {False: _NORMAL}),
    AdapterStart("hira.hira_embedding_B", _NORMAL),
    AdapterStart("ia3.ia3_l", _ONES, {False: _NORMAL}),
    AdapterStart("loha.hada_w2_b", _ZEROS, {False: _linear}),
    AdapterStart("loha.hada_*", _linear),
    AdapterStart("lokr.lokr_w1", _ZEROS, {False: _linear, "lycoris": _linear}),
    AdapterStart("lokr.lokr_w1_a", _ZEROS, {False: _linear, "lycoris": _linear}),
    AdapterStart("lokr.lokr_w2", _linear, {"lycoris": _ZEROS}),
    AdapterStart("lokr.lokr_w2_b", _linear, {"lycoris": _ZEROS}),
    AdapterStart("lokr.lokr_*", _linear),
    AdapterStart("oft.oft_*", _ZEROS, {False: _TENTH}),
    AdapterStart("boft.boft_R", _ZEROS, {False: _TENTH}),
    AdapterStart("boft.boft_s", _ONES, {False: _scheme("normal", mean=1, std=0.1)}),
    AdapterStart("fourierft.fourierft_spectrum", _ZEROS, {False: _NORMAL}),
    AdapterStart("waveft.waveft_spectrum", _ZEROS, {False: _scheme("normal", std=0.01)}),
    AdapterStart(
        "c3a.c3a_kernel",
        _ZEROS,
        {
            "gaussian": _NORMAL,
            "xavier_uniform": _glorot_of_layer,
            False: _glorot_of_layer,
            "kaiming_uniform": _kaiming_of_layer,
        },
    ),
    AdapterStart("vblora.vblora_logits_?", _logits),
    AdapterStart("vblora.vblora_vector_bank", _bound("init_vector_bank_bound")),
    AdapterStart("poly.poly_lora_A", _linear_of_skills),
    AdapterStart("poly.poly_lora_B", _ZEROS, {False: _linear_of_skills}),
    AdapterStart("poly.poly_router", _scheme("uniform", low=-1e-3, high=1e-3)),
    AdapterStart("delora.delora_A", _linear),
    AdapterStart("delora.delora_B", _ZEROS, {False: _linear}),
    AdapterStart("delora.delora_lambda", _constant("delora_lambda")),
    AdapterStart("unilora.unilora_theta_d", _bound("init_theta_d_bound")),
    AdapterStart("glora.glora_*.Xu", _linear),
    AdapterStart("glora.glora_*.Xd", _ZEROS, {False: _linear}),
    AdapterStart("glora.glora_*", _ZEROS, {False: _untold}),
    AdapterStart(
        "tinylora.tinylora_v", _ZEROS, {"uniform": _bound("init_v_bound"), False: _untold}
    ),
    AdapterStart("psoft.psoft_R.vector_?", _ONES, {False: _untold}),
    AdapterStart("psoft.psoft_R.weight", _KEPT, {False: _untold}),
    AdapterStart("miss.miss_block", _ZEROS, {False: _linear}),
    AdapterStart("shira.shira_weight", _ZEROS, {False: _NORMAL}),
    AdapterStart("road.road_theta", _ZEROS, {False: _scheme("normal", std=0.5)}),
    AdapterStart("road.road_alpha", _ONES, {False: _scheme("normal", mean=1, std=0.5)}),
    AdapterStart("gralora.gralora_A_general", _linear),
    AdapterStart("gralora.gralora_B_general", _ZEROS, {False: _linear}),
    AdapterStart("gralora.gralora_A", _by_blocks),
    AdapterStart("gralora.gralora_B", _ZEROS, {False: _by_blocks}),
    AdapterStart("vera.vera_lambda_b", _ZEROS, {False: _ONES}),
    AdapterStart("*vera.*vera_lambda_d", _constant("d_initial"), {False: _NORMAL}),
    AdapterStart("pvera.pvera_lambda_b", _ZEROS, {False: _ONES}),
    AdapterStart("randlora.randlora_lambda", _ZEROS, {False: _NORMAL}),
    AdapterStart("randlora.randlora_gamma", _over_length, {False: _NORMAL}),
    AdapterStart("frod.frod_lambda_s_values", _ZEROS, {False: _TENTH}),
    AdapterStart("frod.frod_lambda_l", _KEPT, {False: _untold}),
    AdapterStart("osf.*", _KEPT, {False: _untold}),
    AdapterStart("adamss.*", _KEPT, {None: _untold}),
    AdapterStart("hra.hra_u", _linear_in_pairs, {False: _linear}),
    AdapterStart("deft.deft_[PR]", _untold),
    AdapterStart("lily.lily_B", _ZEROS, {False: _linear}),
    AdapterStart("lily.lily_*", _linear),
    AdapterStart("peanut.peanut_B", _ZEROS, {False: _linear}),
    AdapterStart("peanut.peanut_*", _linear),
    AdapterStart("supertuning.supertuning_lora_A", _linear),
    AdapterStart("supertuning.supertuning_lora_B", _ZEROS, {False: _linear}),
    AdapterStart("beft.beft_bias", _ZEROS, {False: _NORMAL}),
    AdapterStart("ln_tuning.*", _KEPT),
    AdapterStart("trainable_tokens.*", _KEPT),
    AdapterStart("adaption_prompt.adaption_prompt", _NORMAL),
    AdapterStart("adaption_prompt.adaption_gate", _ZEROS),
    AdapterStart("multitask_prompt_tuning.prefix_task_*", _SMALL),
    AdapterStart("*prompt_tuning.*", _KEPT, {"random": _NORMAL}),
    AdapterStart("cpt.delta_embedding", _ZEROS),
    AdapterStart("cpt.*", _KEPT),
    AdapterStart("prefix_tuning.*", _torch, {"zero": _KEPT}),
    AdapterStart("p_tuning.*", _torch),
)


def start_of_part(
    part: str, shape: tuple[int, ...], layer: Any, config: Any, *, in_layer: bool
) -> Start | None:
    """Look up what a part of an adapter starts with; None for what has no line.

    It is None too for what a layer of torch's starts with by itself.

    Args:
        part: the tuner, what it calls the part, and the parameter in that, with dots between.
        shape: of the parameter.
        layer: the tuner's layer.
        config: of the adapter; None where that is not known.
        in_layer: whether the parameter is one of a layer of torch's that the adapter is made of.
    """
    names = (part, ".".join(part.split(".")[:2]))
    lines = (line for line in ADAPTER_STARTS if any(fnmatchcase(n, line.part) for n in names))
    line = next(lines, None)
    if line is None:
        return None
    law = line.inits.get(_init_of(config), line.law)
    text = f"PEFT's start of {part}"
    if law is None:
        return Start(None, text=text, keeps=True)
    if law is _untold:
        return Start(None, text=text)
    if law is _torch or (law is _linear and in_layer):
        return None
    return Start(law(shape, layer, config), text=text)


def is_in_pairs(part: str, shape: tuple[int, ...], config: Any) -> bool:
    """Tell whether the columns of a part are equal two by two, so that the adapter adds nothing.

    Args:
        part: as for :func:`start_of_part`.
        shape: of the parameter.
        config: of the adapter.
    """
    return part == "hra.hra_u" and shape[1] % 2 == 0 and _init_of(config) is not False


def _init_of(config: Any) -> object:
    """Return what a config says of the start: a flag, or a word in lower case without numbers."""
    said = next((getattr(config, name) for name in _INITS if hasattr(config, name)), None)
    if not isinstance(said, str):
        return said
    return said.partition("_niter_")[0].lower()
