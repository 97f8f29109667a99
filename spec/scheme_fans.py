"""The fans that a scheme counts on a shape, and a scheme to which they are given."""

from __future__ import annotations

from fanwise.spec.fans import MODES, Fans
from fanwise.spec.scheme import Scheme


def fans_counted(scheme: Scheme) -> frozenset[str]:
    """Name the fans that a scheme counts on a shape, those left out that it is given.

    Args:
        scheme: any.

    Returns:
        ``"fan"`` for the one of a mode, ``"fan_in"`` and ``"fan_out"`` for those of an
        expression; nothing where it counts none.

    Examples:
        >>> from fanwise.spec.registry import scheme
        >>> fans_counted(scheme("he_normal")), fans_counted(scheme("he_normal", fan=9))
        (frozenset({'fan'}), frozenset())
        >>> sorted(fans_counted(scheme("deepnorm", layers=12)))
        ['fan_in', 'fan_out']
    """
    named = {"fan"} if scheme.entry.has_fan_rule else scheme.entry.fans_named
    given = dict(scheme.params)
    return frozenset(name for name in named if given.get(name) is None)


def with_fans(scheme: Scheme, fans: Fans) -> Scheme | None:
    """Return a scheme that counts no fans, since it is given them; None where it takes none.

    Args:
        scheme: any.
        fans: in the place of those that it would count.

    Examples:
        >>> from fanwise.spec.registry import scheme
        >>> with_fans(scheme("he_normal"), Fans(9, 5))
        scheme('he_normal', fan=9.0)
        >>> with_fans(scheme("mamba_dt_proj"), Fans(9, 5)) is None
        True
    """
    counted = fans_counted(scheme)
    if not counted <= set(scheme.entry.parameters):
        return None
    every = {name: float(fan) for name, fan in fans._asdict().items()}
    if scheme.fan_mode is not None:
        every["fan"] = MODES[scheme.fan_mode](fans)
    return scheme.replace(**{name: every[name] for name in counted})
