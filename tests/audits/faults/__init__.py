"""All the faults that are planted."""

from audits.faults import copies, laws, memory, ported, precision, streams
from audits.faults.planted_fault import PlantedFault

FAULTS: tuple[PlantedFault, ...] = (
    *laws.FAULTS,
    *precision.FAULTS,
    *streams.FAULTS,
    *ported.FAULTS,
    *copies.FAULTS,
    *memory.FAULTS,
)
