"""The standard as data: YAML files here, read by `load_standard`."""

from harness.standards.loader import DEFAULT, load_standard, shipped

__all__ = ["DEFAULT", "load_standard", "shipped"]
