"""Public lists, each in the shape its publisher gives it, turned into an entity list."""

from tarazu.policy.designations.importers.intake import Imported, Rejected
from tarazu.policy.designations.importers.run import SOURCES, import_list

__all__ = ["SOURCES", "Imported", "Rejected", "import_list"]
