"""Shapes of weights without their values: from headers, lists, configurations, pickled shapes."""
