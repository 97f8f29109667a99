"""What is not drawn is told of: nothing of a model is passed over, or drawn, without a word."""

import math
import re

import pytest
import torch
from common.torch_recipes import ALL, SEED, network
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

NORMAL = {"scheme": "normal", "std": 0.5}


def refuse(model, match, recipe=ALL, **how):
    plain = [t for t in model.parameters() if t.layout is torch.strided and not t.is_meta]
    before = [(t.detach().clone(), t._version) for t in plain]
    with pytest.raises(FanwiseError, match=match):
        init.initialize(model, recipe, seed=SEED, **how)
    for tensor, (values, version) in zip(plain, before, strict=True):
        assert torch.equal(tensor, values)
        assert tensor._version == version


def frozen(*names):
    model = network()
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(names))
    return model


def test_what_does_not_train_is_named_and_not_drawn():
    refuse(frozen("body"), r"4 of the weights.*body/0/kernel.*body/2/bias.*frozen = true.*exclude")
    refuse(frozen(""), "frozen = true")


def test_a_rule_may_say_that_it_is_about_what_does_not_train():
    rules = [{"match": "body/**", "frozen": True, "init": "ones"}, *ALL["rule"]]
    model = frozen("body")
    rows = init.initialize(model, {"fanwise": 1, "rule": rules}, seed=SEED).rows
    assert [row.rule for row in rows] == [1, 1, 1, 1, 2, 2]
    assert (model["body"][0].weight == 1).all()
    refuse(network(), "Rule 1 fits no weight", {"fanwise": 1, "rule": rules})
    with pytest.raises(FanwiseError, match="true or false as 'frozen'"):
        init.initialize(model, {"fanwise": 1, "rule": [{**rules[0], "frozen": 1}]})


@pytest.mark.parametrize(
    ("allow", "how"), [({}, {"exclude": "body/**"}), ({"unmatched": ["body/**"]}, {})]
)
def test_what_does_not_train_may_be_left_as_it_is(allow, how):
    model = frozen("body")
    before = [value.clone() for value in model["body"].state_dict().values()]
    report = init.initialize(model, {**ALL, "allow": allow}, seed=SEED, **how)
    assert [row.path for row in report.rows] == ["head/kernel", "head/bias"]
    assert all(map(torch.equal, before, model["body"].state_dict().values()))


def test_the_statistics_of_a_frozen_normalization_are_not_forgotten():
    norm = nn.BatchNorm1d(3).requires_grad_(requires_grad=False)
    norm.running_mean.fill_(5)
    model = nn.Sequential(norm, nn.Linear(3, 3))
    refuse(model, "0/scale, 0/offset, 0/mean, 0/variance")
    allowed = {
        "fanwise": 1,
        "rule": [{"role": role, "init": "zeros"} for role in ("kernel", "bias")],
    }
    init.initialize(model, {**allowed, "allow": {"unmatched": ["0/*"]}}, seed=SEED)
    assert (norm.running_mean == 5).all()


def test_a_layer_is_set_even_if_it_does_not_train():
    """Whoever names the layer has said so."""
    layer = nn.Linear(3, 3).requires_grad_(requires_grad=False)
    init.set_initializer(layer, "ones", seed=SEED)
    assert (layer.weight == 1).all()


class Lora(nn.Module):
    """A layer as PEFT makes it."""

    def __init__(self):
        super().__init__()
        self.base_layer = nn.Linear(4, 4).requires_grad_(requires_grad=False)
        self.lora_A = nn.ModuleDict({"default": nn.Linear(4, 2, bias=False)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(2, 4, bias=False)})


def test_what_lora_adds_needs_rules_that_name_it():
    kept = {"allow": {"unmatched": ["base_layer/**"]}}
    refuse(Lora(), r"lora_A/default/kernel, lora_B/default/kernel.*zeros", {**ALL, **kept})
    by_role = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}], **kept}
    refuse(Lora(), "lora_B", by_role)
    rules = [{"match": "**/lora_B/**", "init": "zeros"}, {"match": "**/lora_A/**", "init": NORMAL}]
    model = Lora()
    init.initialize(model, {"fanwise": 1, "rule": rules, **kept}, seed=SEED)
    assert model.lora_A["default"].weight.any()
    assert not model.lora_B["default"].weight.any()


def test_complex_weights_are_refused_with_what_sets_their_parts():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3, dtype=torch.complex64))
    for recipe in (ALL, "torch_default"):
        refuse(
            model, r"1/kernel \(complex numbers, torch\.complex64\), 1/bias.*view_as_real", recipe
        )
    init.init_(torch.view_as_real(model[1].weight.data), NORMAL["scheme"], seed=SEED)
    rows = init.initialize(model, "torch_default", seed=SEED, exclude="1/*").rows
    assert [row.path for row in rows] == ["0/kernel", "0/bias"]


class Converted(torch.Tensor):
    """A tensor that computes its elements, as those of quantizing libraries."""

    @staticmethod
    def __new__(cls, shape):
        return torch.Tensor._make_wrapper_subclass(cls, shape)

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        raise NotImplementedError(function)

    def detach(self):
        return self


QUANTIZED = {
    "int8": lambda: torch.zeros(4, 4, dtype=torch.int8),
    "uint8": lambda: torch.zeros(16, 1, dtype=torch.uint8),
    "float8": lambda: torch.zeros(4, 4).to(torch.float8_e4m3fn),
    "float4": lambda: torch.zeros(4, 2, dtype=torch.uint8).view(torch.float4_e2m1fn_x2),
    "a library's tensor": lambda: Converted((4, 4)),
}


@pytest.mark.parametrize("make", QUANTIZED.values(), ids=QUANTIZED)
def test_quantized_weights_are_refused_although_they_do_not_train(make):
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    model[1].weight = nn.Parameter(make(), requires_grad=False)
    bias = model[0].bias.detach().clone()
    for recipe in (ALL, "torch_default"):
        told = r"1/kernel cannot be set.*quantized numbers.*before it is quantized"
        with pytest.raises(FanwiseError, match=told):
            init.initialize(model, recipe, seed=SEED)
        assert torch.equal(model[0].bias, bias)
    assert len(init.initialize(model, "torch_default", seed=SEED, exclude="1/kernel").rows) == 3


@pytest.mark.parametrize("name", ["qweight", "weight_packed"])
def test_weights_that_libraries_pack_into_buffers_are_refused(name):
    model = nn.Sequential(nn.Linear(4, 4), nn.Module())
    model[1].register_buffer(name, torch.zeros(2, 4, dtype=torch.int32))
    refuse(
        model, rf"1/{name} cannot be set.*packed weights.*before it is quantized", "torch_default"
    )
    assert len(init.initialize(model, "torch_default", seed=SEED, only="0/*").rows) == 2


def test_whole_numbers_that_do_not_train_stay():
    model = nn.Linear(4, 4)
    model.order = nn.Parameter(torch.arange(4), requires_grad=False)
    report = init.initialize(model, "torch_default", seed=SEED)
    assert "order" in report.left_alone


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
def test_nested_tensors_have_no_shape():
    model = nn.Module()
    parts = [torch.zeros(2, 3), torch.zeros(3, 3)]
    model.weight = nn.Parameter(torch.nested.nested_tensor(parts))
    for door in (init.summary, init.paths, lambda m: init.initialize(m, ALL, seed=SEED)):
        with pytest.raises(FanwiseError, match=r"nested tensors, weight.*nn\.ParameterList"):
            door(model)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize(
    "compiled",
    [lambda m: torch.jit.script(m), lambda m: torch.jit.trace(m, torch.zeros(1, 3))],
    ids=["script", "trace"],
)
def test_modules_of_torchscript_are_told_of_by_every_door_that_sets(compiled):
    model = nn.Sequential(nn.Linear(3, 3), compiled(nn.Linear(3, 3)))
    doors = (lambda m: init.initialize(m, ALL, seed=SEED), init.paths)
    for door in (*doors, lambda m: init.set_initializer(m, "ones", seed=SEED)):
        with pytest.raises(FanwiseError, match=r"modules of TorchScript: 1\..*before torch\.jit"):
            door(model)
    assert len(init.summary(model).rows) == 4


@pytest.mark.filterwarnings("ignore:.*torch.ao.quantization:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_packed_weights_of_quantized_layers_are_named():
    model = nn.Sequential(nn.Linear(4, 4), nn.LSTM(4, 4), nn.Linear(4, 2), nn.LayerNorm(2))
    model = torch.ao.quantization.quantize_dynamic(model, {nn.Linear, nn.LSTM})
    packed = r"0/_packed.*1/_all_weight.*2/_packed.*before it is quantized"
    refuse(model, packed)
    refuse(model, "packed", {"fanwise": 1, "rule": [{"layer": "norm", "init": "ones"}]})
    rows = init.initialize(model, ALL, seed=SEED, only="3/*").rows
    assert [row.path for row in rows] == ["3/scale", "3/offset"]
    allowed = {"fanwise": 1, "rule": [{"layer": "norm", "init": "ones"}]}
    allowed["allow"] = {"unmatched": ["{0,1,2}/**"]}
    assert len(init.initialize(model, allowed, seed=SEED).rows) == 2


def test_everything_that_cannot_be_drawn_is_named_at_once():
    model = nn.ParameterDict(
        {
            "complex": nn.Parameter(torch.zeros(3, 3, dtype=torch.complex64)),
            "sparse": nn.Parameter(torch.eye(3).to_sparse()),
            "integers": nn.Parameter(torch.zeros(3, dtype=torch.int64), requires_grad=False),
            "overlap": nn.Parameter(torch.zeros(1, 3).expand(3, 3)),
            "good": nn.Parameter(torch.zeros(3)),
        }
    )
    told = r"4 of the weights.*complex \(complex numbers.*integers.*overlap.*sparse.*view_as_real"
    refuse(model, told)
    (problem,) = init.initialize(model, ALL, seed=SEED, dry_run=True).problems
    assert re.search(told, str(problem.error))
    assert problem.paths == ("complex", "integers", "overlap", "sparse")
    rows = {row.path: row.observed for row in init.summary(model).rows}
    assert [name for name in rows if math.isnan(rows[name])] == ["complex", "sparse"]
    assert len(init.initialize(model, ALL, seed=SEED, only="good").rows) == 1


def test_all_parameters_without_a_shape_are_named():
    model = nn.Sequential(nn.LazyLinear(3), nn.LazyConv1d(3, 2), nn.LazyBatchNorm1d())
    with pytest.raises(FanwiseError, match=r"0/weight, 0/bias, 1/weight, 1/bias, 2/weight.*batch"):
        init.initialize(model, ALL, seed=SEED)


def test_all_weights_without_memory_are_named():
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(300)))
    for layer in (*model[100:200], model[3]):
        layer.bias = nn.Parameter(torch.empty(2, device="meta"))
    model[0] = nn.Sequential(*(nn.Linear(2, 2, device="meta") for _ in range(50)))
    with pytest.raises(FanwiseError) as error:
        init.initialize(model, ALL, seed=SEED)
    message = str(error.value)
    assert "0/** (100 weights), 3/bias, " in message
    assert all(f" {number}/bias" in message for number in range(100, 200))
    assert "201 of 698 on the meta device" in message


def test_a_model_half_of_which_has_no_memory():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2, device="meta"))
    refuse(model, r"unlike the others: 1/\*\* \(2 weights\)\..*2 of 4 on the meta device.*to_empty")
    report = init.initialize(model, ALL, seed=SEED, dry_run=True)
    assert len(report.rows) == 4
    assert "on the meta device" in str(report.problems[0].error)
    whole = nn.Sequential(nn.Linear(2, 2, device="meta"))
    assert init.initialize(whole, ALL, seed=SEED, dry_run=True).problems == ()
    assert len(init.initialize(model, ALL, seed=SEED, exclude="1/*").rows) == 2
    layer = nn.Linear(2, 2)
    layer.weight = nn.Parameter(torch.empty(2, 2, device="meta"))
    with pytest.raises(FanwiseError, match="meta device, unlike the others: kernel"):
        init.set_initializer(layer, "he_normal", "normal", seed=SEED)


def views(*parts):
    """Parameters in one flat buffer."""
    flat = torch.zeros(32)
    return nn.ParameterList([nn.Parameter(part(flat)) for part in parts])


def first(flat):
    return flat[:16].view(4, 4)


def middle(flat):
    return flat[8:24].view(4, 4)


def last(flat):
    return flat[16:].view(4, 4)


def test_parameters_that_overlap_are_named():
    refuse(views(first, middle, last), r"0 and 1, 1 and 2 in the same memory.*exclude")
    (problem,) = init.initialize(views(first, middle), ALL, seed=SEED, dry_run=True).problems
    assert "0 and 1 in the same memory" in str(problem.error)
    refuse(views(first, lambda flat: first(flat).T), "0 and 1 in the same memory")
    model = views(first, middle)
    assert len(init.initialize(model, ALL, seed=SEED, exclude="1").rows) == 1


def test_parts_of_one_buffer_that_do_not_overlap_are_weights_apart():
    even, odd = (lambda flat: flat.view(4, 8)[:, ::2]), (lambda flat: flat.view(4, 8)[:, 1::2])
    for model in (views(first, last), views(even, odd)):
        apart = nn.ParameterList([nn.Parameter(torch.zeros(4, 4)) for _ in range(2)])
        init.initialize(model, ALL, seed=SEED)
        init.initialize(apart, ALL, seed=SEED)
        assert all(map(torch.equal, model, apart))


def test_buffers_are_left_alone_and_named():
    model = nn.Module()
    model.norm = nn.BatchNorm1d(3)
    model.register_buffer("mask", torch.ones(3))
    model.register_buffer("table", torch.ones(3), persistent=False)
    model.bare = torch.ones(3)
    report = init.initialize(model, "torch_default", seed=SEED)
    assert report.left_alone == ("mask", "table", "bare")
    assert str(report).splitlines()[-1] == "left as they are: mask, table, bare"
    assert report.to_dict()["left_alone"] == ["mask", "table", "bare"]
    assert (model.mask == 1).all()
    assert "left as they are" not in str(init.initialize(network(), ALL, seed=SEED))


def test_what_follows_a_weight_is_left_alone_with_it():
    model = nn.ModuleDict({"set": nn.BatchNorm1d(3), "kept": nn.BatchNorm1d(3)})
    for norm in model.values():
        norm.num_batches_tracked.fill_(7)
    report = init.initialize(model, "torch_default", seed=SEED, exclude="kept/mean")
    assert report.left_alone == ("kept/mean", "kept/num_batches_tracked")
    assert [norm.num_batches_tracked.item() for norm in model.values()] == [0, 7]


@pytest.mark.parametrize(
    "marks", [{"ds_shape": (4, 4)}, {"_is_flat_param": True}], ids=lambda marks: next(iter(marks))
)
def test_pieces_of_a_weight_are_refused(marks):
    """What DeepSpeed and the old FullyShardedDataParallel leave of a weight."""
    model = nn.Module()
    model.piece = nn.Parameter(torch.zeros(0))
    vars(model.piece).update(marks)
    refuse(model, r"piece cannot be set.*GatheredParameters")
    layer = nn.Linear(4, 4)
    layer.weight = nn.Parameter(torch.zeros(8))
    refuse(layer, re.escape("kernel cannot be set. Expected a weight with its axes"))


def freed():
    """What the old FullyShardedDataParallel and ZeRO leave between two uses of a weight."""
    model = network()
    model["head"].weight.untyped_storage().resize_(0)
    return model


def of_inference():
    model = network()
    with torch.inference_mode():
        model["head"] = nn.Linear(4, 2)
    return model


@pytest.mark.parametrize("make", [freed, of_inference])
def test_a_weight_that_cannot_be_written_is_named_before_anything_is(make):
    model = make()
    before = [value.clone() for value in model["body"].state_dict().values()]
    for recipe in (ALL, "torch_default"):
        with pytest.raises(FanwiseError, match="head/kernel"):
            init.initialize(model, recipe, seed=SEED)
        with pytest.raises(FanwiseError, match="head/kernel"):
            init.set_initializer(model["head"], seed=SEED, path="head")
    assert all(map(torch.equal, before, model["body"].state_dict().values()))
    assert len(init.initialize(model, ALL, seed=SEED, exclude="head/*").rows) == 4
    assert math.isnan(init.summary(freed()).rows[-2].observed)


def test_a_bias_has_the_fans_of_a_kernel_that_cannot_be_drawn():
    layer = nn.Linear(16, 4)
    layer.weight = nn.Parameter(torch.zeros(4, 16, dtype=torch.int8), requires_grad=False)
    (row,) = init.initialize(layer, "torch_default", seed=SEED, only="bias").rows
    assert row.expected == pytest.approx(1 / math.sqrt(3 * 16))
