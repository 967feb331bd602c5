"""Xunjian 训检: observe a training platform, write a ledger, judge it, report."""

__version__ = "0.1.0"
