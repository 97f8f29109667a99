"""All the faults that are planted."""

from audits.faults import copies, laws, memory, precision, streams
from audits.faults.planted_fault import PlantedFault

FAULTS: tuple[PlantedFault, ...] = (
    *laws.FAULTS,
    *precision.FAULTS,
    *streams.FAULTS,
    *copies.FAULTS,
    *memory.FAULTS,
)
