"""F03 远程教学: a lesson plays. Fed by the honest walk of F05."""

from harness.probe import Judgement, ProbeSpec

SPEC = ProbeSpec(
    id="F03",
    package="f03_remote_teaching",
    walks=(),
    judgements=(Judgement("F03-1", ("F05.honest",), "judge_plays"),),
)
