"""F08 查询统计: queries find, filters filter, totals equal the detail."""

from harness.probe import Judgement, ProbeSpec

SPEC = ProbeSpec(
    id="F08",
    package="f08_query_statistics",
    walks=(),
    judgements=(
        Judgement("F08-1", ("H01.hour",), "judge_query"),
        Judgement("F08-1v", ("H01.hour",), "judge_filters"),
        Judgement("F08-2", ("H01.hour",), "judge_totals"),
        Judgement("F08-2", ("F07.file",), "judge_closed_totals"),
        Judgement("X-03", ("H01.hour",), "judge_record_statistics"),
        Judgement("X-05", ("H01.hour",), "judge_statistics_archive"),
        Judgement("X-08", ("H01.hour",), "judge_certificate_statistics"),
        Judgement("X-11", ("H01.hour",), "judge_statistics_covered"),
    ),
)
"""Everything is read at the end of walks that other functions need: no walk of its own."""
