"""One package per mandated function: its needs (__init__), how it is observed (observe), how it is judged (judge)."""
