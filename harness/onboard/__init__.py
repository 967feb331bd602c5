"""Before a run: does a profile work, and what would one look like."""
