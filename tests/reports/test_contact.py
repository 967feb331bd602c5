"""The contact sheet: pairs of pictures, telling ones first, what a platform wrote escaped."""

from __future__ import annotations

from typing import Any

from lxml import html as parser

from harness.model.dossier import Dossier, Exposure, LedStep
from reports import contact, html
from reports.labels import catalogue
from tests.reports import sample

DOT = "data:image/png;base64,iVBORw0KGgo="


def row(number: int, **more: Any) -> Exposure:
    name = f"{number:064x}"
    return Exposure(
        **{
            "walk": "H01.hour", "attempt": 1, "account": "learner001", "id": str(number), "stored": f"{name}.jpg",
            "shown": f"{name}.webp", "time": "2026-11-26T08:48:02+08:00", "scene": "learner", "person": "p01",
            "code": "194bc3652fd5", "nearest": "p01", "distance": 0.19, "verdict": "一致", **more,
        }
    )  # fmt: skip


def shown(*rows: Exposure, thumbs: dict[str, str] | None = None) -> Any:
    dossier = Dossier(result=sample.build(), exposures=rows)
    given = {name: DOT for name in contact.wanted(dossier)} if thumbs is None else thumbs
    return parser.fromstring(html.render(dossier, thumbs=given))


def test_a_pair_says_what_was_shown_when_and_whom_it_resembles() -> None:
    page = shown(row(1))
    (figure,) = page.xpath("//div[@class='contact']/figure")
    text = " ".join(figure.text_content().split())
    assert [image.get("src") for image in figure.xpath(".//img")] == [DOT, DOT]
    for word in ("本人", "p01", "2026-11-26 08:48:02", "194bc365", "0.19", "一致", "H01.hour"):
        assert word in text


def test_a_picture_without_a_mark_has_no_partner_and_says_so() -> None:
    page = shown(row(1, shown="", code="", scene="", person="", enrolment=True))
    text = page.xpath("//div[@class='contact']")[0].text_content()
    assert "无对应画面" in text
    assert "未读出标记" in text
    assert "即登记照" in text


def test_what_a_platform_wrote_is_text() -> None:
    page = shown(row(1, verdict="<script>x</script>", id="<b>"))
    assert not page.xpath("//div[@class='contact']//script")
    assert "<script>" in page.xpath("//div[@class='contact']")[0].text_content()


def test_telling_pairs_come_first_and_the_rest_is_counted() -> None:
    rows = [row(n) for n in range(1, contact.MOST + 5)] + [row(999, scene="stranger"), row(998, repeats="7")]
    found = contact.sheet(Dossier(result=sample.build(), exposures=tuple(rows)), {})
    assert found is not None
    assert [pair.row.id for pair in found.pairs[:2]] == ["999", "998"]
    assert (len(found.pairs), found.more) == (contact.MOST, 6)


def test_without_portraits_there_is_no_sheet() -> None:
    assert contact.sheet(Dossier(result=sample.build()), {}) is None
    assert not shown().xpath("//div[@class='contact']")


def test_every_scene_has_a_name() -> None:
    from harness.camera import scenes

    classes = [value for value in vars(scenes).values() if isinstance(value, type)]
    names = {name for value in classes if isinstance(name := getattr(value, "name", None), str)} - {"still"}
    names |= {scenes.Denied.name, scenes.Unplugged.name}
    assert {f"scene.{name}" for name in names} <= catalogue().keys()


def test_living_persons_are_named_with_what_they_were_told_and_the_still() -> None:
    still = f"{7:064x}.jpg"
    step = LedStep(
        walk="F09.covered", attempt=1, zh="请遮住<摄像头>", en="cover", given_utc="2026-11-26T01:02:03Z", took_s=12.5,
        outcome="confirmed", by="王评定", still=still, seq=9,
    )  # fmt: skip
    dossier = Dossier(
        result=sample.build(),
        steps=(step, step.model_copy(update={"outcome": "cannot", "still": "", "seq": 10})),
        presence={"kind": "human", "camera": "HD Webcam", "assessor": "王评定"},
        scenes={"covered": 1},
        exposures=(row(1, shown=still, code="", still=True),),
    )
    assert still in contact.wanted(dossier)
    text = html.render(dossier, thumbs={name: DOT for name in contact.wanted(dossier)})
    page = parser.fromstring(text)
    words = " ".join(page.text_content().split())
    for word in (
        "对真人的指示",
        "请遮住<摄像头>",
        "已确认",
        "无法做到",
        "王评定",
        "+12.5 s",
        "HD Webcam",
        "真人在真实摄像头",
    ):
        assert word in words
    assert "渲染的测试人员" not in words
    assert "最近一次经确认的镜头画面" in words
