"""What a scheme is: the catalogue, axes and fans, gains, laws, and the normative tables."""

from fanwise.spec.axes import PATTERNS as PATTERNS
from fanwise.spec.axes import Layout as Layout
from fanwise.spec.axes import layout as layout
from fanwise.spec.catalogue import catalogue as catalogue
from fanwise.spec.errors import FanwiseError as FanwiseError
from fanwise.spec.errors import RepeatedStreamWarning as RepeatedStreamWarning
from fanwise.spec.errors import UnrepeatableFactoryWarning as UnrepeatableFactoryWarning
from fanwise.spec.errors import UnresolvedWeightWarning as UnresolvedWeightWarning
from fanwise.spec.errors import UnsetBufferWarning as UnsetBufferWarning
from fanwise.spec.errors import UnsoundStartWarning as UnsoundStartWarning
from fanwise.spec.errors import did_you_mean as did_you_mean
from fanwise.spec.fans import Fans as Fans
from fanwise.spec.fans import fans as fans
from fanwise.spec.gains import gain as gain
from fanwise.spec.registry import as_scheme as as_scheme
from fanwise.spec.registry import register as register
from fanwise.spec.registry import scheme as scheme
from fanwise.spec.registry import schemes as schemes
from fanwise.spec.scheme import Scheme as Scheme
