"""The self-test: broken subjects against the probes, so that a verdict is believed as far as it was proven.

`catalogue` reads what is broken, `packing` puts broken things together, `stating` lets a vendor declare something else,
`job` runs one certification and keeps what came out, `results` says what that means, `conduct` does it all and
`matrix` shows it.
"""
