"""Weight initializers that mean one thing, and give one result, in every framework."""

from fanwise.core import sample as sample
from fanwise.spec import Fans as Fans
from fanwise.spec import FanwiseError as FanwiseError
from fanwise.spec import Scheme as Scheme
from fanwise.spec import fans as fans
from fanwise.spec import gain as gain
from fanwise.spec import recipe as recipe
from fanwise.spec import recipes as recipes
from fanwise.spec import register as register
from fanwise.spec import scheme as scheme
from fanwise.spec import schemes as schemes
