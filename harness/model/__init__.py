"""Frozen, typed data that crosses the line between observers, judges and reporters."""
