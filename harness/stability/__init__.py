"""Many rehearsals of the platforms without defects, some of them beside a busy neighbour: does anything FAIL?

`conduct` makes them one after another, `neighbour` keeps the processors busy, `record` keeps what came out of each,
`tally` counts it, `show` and `page` say it.
"""
