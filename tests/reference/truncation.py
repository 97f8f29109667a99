"""What is left of the standard deviation of a normal that is cut at two of it."""

#: As others have it: JAX in ``jax.nn.initializers.variance_scaling``, Keras in its
#: ``VarianceScaling``; from ``scipy.stats.truncnorm.std(a=-2, b=2, loc=0, scale=1)``.
CORRECTION = 0.87962566103423978
