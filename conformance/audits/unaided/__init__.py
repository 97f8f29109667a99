"""An audit without a recipe: what weights show by themselves."""

from fanwise.conformance.audits.unaided.verdicts import audit_unaided

__all__ = ["audit_unaided"]
