"""Whole models start by one recipe, in which no weight can be in the place of another."""

import fanwise
from fanwise.conformance.model_recipe import RECIPE


def test_every_role_has_one_rule_and_is_drawn_at_random():
    recipe = fanwise.recipe(RECIPE)
    roles = [rule.role for rule in recipe.rules]
    assert len(roles) == len(set(roles))
    assert all(recipe.scheme(rule, {}).std((64, 64)) > 0 for rule in recipe.rules)
