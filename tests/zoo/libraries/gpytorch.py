"""Kernels, likelihoods and variational distributions of GPyTorch, which start at constants."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import torch
from gpytorch import distributions, kernels, likelihoods, means, models, variational
from torch import nn

from zoo.seeded import torch_model


class _Deep(models.ApproximateGP):
    """A variational process over what a network sees."""

    def __init__(self) -> None:
        points = torch.randn(12, 16)
        distribution = variational.CholeskyVariationalDistribution(12)
        super().__init__(variational.VariationalStrategy(self, points, distribution))
        self.features = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 16))
        self.mean_module = means.LinearMean(16)
        self.covar_module = kernels.ScaleKernel(kernels.RBFKernel(ard_num_dims=16))

    def forward(self, x: torch.Tensor) -> Any:
        x = self.features(x)
        return distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))


_KERNELS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("RBFKernel", {"ard_num_dims": 8}),
    ("MaternKernel", {"ard_num_dims": 8}),
    ("PeriodicKernel", {}),
    ("RQKernel", {"ard_num_dims": 8}),
    ("CosineKernel", {}),
    ("LinearKernel", {}),
    ("PolynomialKernel", {"power": 2}),
    ("SpectralMixtureKernel", {"num_mixtures": 6, "ard_num_dims": 8}),
    ("IndexKernel", {"num_tasks": 16, "rank": 4}),
    ("HammingIMQKernel", {"vocab_size": 10}),
    ("ConstantKernel", {}),
    ("RFFKernel", {"num_samples": 32, "num_dims": 4}),
)


def _kernel(name: str, options: dict[str, Any]) -> nn.Module:
    cls = getattr(kernels, name)
    return nn.ModuleList([kernels.ScaleKernel(cls(**options)) for _ in range(2)])


MODELS: Final = (
    *(torch_model(name, partial(_kernel, name, options)) for name, options in _KERNELS),
    torch_model(
        "MultitaskKernel",
        lambda: kernels.MultitaskKernel(kernels.RBFKernel(), num_tasks=16, rank=4),
    ),
    torch_model("GaussianLikelihood", likelihoods.GaussianLikelihood),
    torch_model(
        "MultitaskGaussianLikelihood",
        lambda: likelihoods.MultitaskGaussianLikelihood(num_tasks=16, rank=4),
    ),
    torch_model(
        "SoftmaxLikelihood",
        lambda: likelihoods.SoftmaxLikelihood(num_features=16, num_classes=8),
    ),
    torch_model("StudentTLikelihood", likelihoods.StudentTLikelihood),
    torch_model("LinearMean", lambda: means.LinearMean(16)),
    torch_model("ApproximateGP of a network", _Deep),
)
