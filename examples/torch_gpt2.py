"""GPT-2 in plain torch, from the recipe: the plan of 124 million weights, and a small one set."""

import torch
from torch import Tensor, nn
from torch.nn import functional

import fanwise.torch as init


class Attention(nn.Module):
    """Causal attention with query, key and value in one projection, and the same out."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.width, self.heads = width, heads

    def forward(self, x: Tensor) -> Tensor:
        """Mix the positions up to each."""
        split = (*x.shape[:-1], self.heads, -1)
        q, k, v = (each.view(split).transpose(1, 2) for each in self.c_attn(x).chunk(3, -1))
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        out: Tensor = self.c_proj(mixed.transpose(1, 2).reshape(x.shape))
        return out


class Block(nn.Module):
    """Attention and a perceptron, each on a branch of the residual stream."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.ModuleDict(
            {"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)}
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add both branches."""
        x = x + self.attn(self.ln_1(x))
        hidden = functional.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh")
        out: Tensor = x + self.mlp["c_proj"](hidden)
        return out


class GPT2(nn.Module):
    """GPT-2, whose output layer is its table of tokens."""

    def __init__(
        self,
        layers: int = 12,
        width: int = 768,
        heads: int = 12,
        tokens: int = 50257,
        positions: int = 1024,
    ) -> None:
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(tokens, width),
                "wpe": nn.Embedding(positions, width),
                "h": nn.ModuleList(Block(width, heads) for _ in range(layers)),
                "ln_f": nn.LayerNorm(width),
            }
        )
        self.lm_head = nn.Linear(width, tokens, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight

    def forward(self, tokens: Tensor) -> Tensor:
        """The logits of the next token, at every position."""
        places = torch.arange(tokens.shape[-1], device=tokens.device)
        x = self.transformer["wte"](tokens) + self.transformer["wpe"](places)
        for block in self.transformer["h"]:
            x = block(x)
        logits: Tensor = self.lm_head(self.transformer["ln_f"](x))
        return logits


def describe(layer: Attention):  # noqa: ANN201
    """Query, key and value, one below the other in ``c_attn``."""
    for number, name in enumerate(("query", "key", "value")):
        rows = ((number * layer.width, (number + 1) * layer.width),)
        where = {"kind": "attention", "spans": rows}
        yield init.LayerWeight("c_attn.weight", f"{name}/kernel", "torch", **where)
        yield init.LayerWeight(
            "c_attn.bias", f"{name}/bias", "torch", beside=f"{name}/kernel", **where
        )


init.register_layer(Attention, describe)

if __name__ == "__main__":
    with torch.device("meta"):
        plan = init.initialize(GPT2(), "gpt2", seed=0, dry_run=True)
    print(f"{plan.parameters:,} parameters in {len(plan.rows)} weights")
    rows = {row.path: row for row in plan.rows}
    for path in ("tokens/embedding", "positions/embedding", "blocks/0/attention/query/kernel"):
        print(f"{rows[path].expected:.4f}  {path}")
    for path in ("blocks/0/attention/out/kernel", "blocks/11/mlp/down/kernel"):
        print(f"{rows[path].expected:.4f}  {path}: onto the residual stream, 0.02 / √24")

    model = GPT2(layers=2, width=32, heads=4, tokens=100, positions=16)
    print()
    print(init.initialize(model, "gpt2", seed=0, layers=2))
