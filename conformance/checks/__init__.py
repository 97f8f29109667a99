"""The checks: each module holds some claims, what checks them, and faults that they must catch.

A module that assigns a :class:`~fanwise.conformance.checks.check.Check` to ``CHECK`` is part of
the suite; :mod:`fanwise.conformance.checks.registry` finds it.
"""
