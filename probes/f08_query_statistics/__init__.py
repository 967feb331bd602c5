"""F08 查询统计: queries find, filters filter, totals equal the detail."""

from harness.probe import Judgement, ProbeSpec

SPEC = ProbeSpec(
    id="F08",
    package="f08_query_statistics",
    walks=(),
    judgements=(
        Judgement("F08-1", ("H01.hour",), "judge_query", needs=("statistics",)),
        Judgement("F08-1v", ("H01.hour",), "judge_filters", needs=("statistics",)),
        Judgement("F08-2", ("H01.hour",), "judge_totals", needs=("statistics",)),
        Judgement("F08-2", ("F07.file",), "judge_closed_totals", needs=("statistics",)),
        Judgement("X-03", ("H01.hour",), "judge_record_statistics", needs=("statistics",)),
        Judgement("X-05", ("H01.hour",), "judge_statistics_archive", needs=("statistics",)),
        Judgement("X-08", ("H01.hour",), "judge_certificate_statistics", needs=("statistics",)),
        Judgement("X-11", ("H01.hour",), "judge_statistics_covered", needs=("statistics",)),
    ),
)
"""Everything is read at the end of walks that other functions need: no walk of its own."""
