"""Schemes that stand for all: those of version 1.0, and one of each form of the later ones."""

from fanwise.spec.catalogue import catalogue


def _form(entry):
    needed = tuple(p.kind for p in entry.parameters.values() if p.required)
    return (entry.distribution["kind"], entry.axes, entry.draws, len(entry.members), needed)


_FORMS = {_form(entry): name for name, entry in reversed([*catalogue().entries.items()])}
SOME_SCHEMES = tuple(
    name
    for name, entry in catalogue().entries.items()
    if entry.since == "1.0" or name in _FORMS.values()
)
