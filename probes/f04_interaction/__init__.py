"""F04 交流互动: learners ask, teachers answer, learners see the answer."""

from harness.probe import Judgement, ProbeSpec, WalkSpec, purpose

SPEC = ProbeSpec(
    id="F04",
    package="f04_interaction",
    walks=(
        WalkSpec(
            name="F04.ask",
            purpose=purpose(
                "学员提问，教师答复，学员刷新后及在另一浏览器中查看",
                "a learner asks, a teacher answers, the learner looks after a reload and in another browser",
            ),
            seconds=lambda setting: 15.0,
            lessons=0,
            screens=2,
            exclusive=("teacher",),
            needs=("log_in", "post_question", "answer_question", "see_answer"),
            attack=False,
        ),
    ),
    judgements=(Judgement("F04-1", ("F04.ask",), "judge_two_way"),),
)
