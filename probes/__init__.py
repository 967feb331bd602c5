"""One package per mandated function: what it needs (here), how it is observed (observe.py), how it is judged (judge.py)."""
