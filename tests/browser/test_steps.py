"""Steps and readings on pages with the traps of real ones."""

from __future__ import annotations

import pytest

from harness.browser.locate import BadSelector
from harness.browser.session import File, Screen
from harness.errors import StepFailed
from harness.model.grid import Carried

pytestmark = pytest.mark.browser


async def test_one_click_is_one_click(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.click("#once")
    assert await screen.attribute("#once", "data-clicks") == "1"
    await screen.click("#once", count=2)
    assert await screen.attribute("#once", "data-clicks") == "3"


async def test_fill_and_type(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.fill("#name", "李雷")
    assert await screen.attribute("#name", "value") == "李雷"
    await screen.fill("#word", "abc", typed=True)
    assert await screen.attribute("#word", "value") == "abc"
    assert int(await screen.attribute("#word", "data-keys") or 0) >= 3  # clearing a field is a key, too
    await screen.press("Backspace", "#word")
    assert await screen.attribute("#word", "value") == "ab"


async def test_choose_by_value_and_by_label(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.select("#list", "b")
    assert await screen.attribute("#list", "value") == "b"
    await screen.select("#list", "Anna")
    assert await screen.attribute("#list", "value") == "a"
    with pytest.raises(StepFailed, match="has no option 'Carl'"):
        await screen.select("#list", "Carl")


async def test_tick_a_bare_box_and_one_behind_its_label(screen: Screen) -> None:
    await screen.goto("plain.html")
    for selector in ("#bare", "#drawn", "#drawn"):  # ticking what is ticked changes nothing
        await screen.check(selector)
        assert await screen.evaluate("(s) => document.querySelector(s).checked", selector) is True


async def test_upload(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.upload("#file", File("名单.csv", b"a,b"))
    await screen.wait_for("#file[data-text]")
    assert await screen.attribute("#file", "data-text") == "名单.csv:a,b"


async def test_the_visible_one_of_twins_is_meant(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert await screen.text(".twin") == "second"
    assert await screen.count(".twin") == 2


async def test_an_open_shadow_is_no_hiding_place(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert await screen.text("#deep") == "in the shadow"


async def test_table(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert await screen.table("#hours") == [["课程", "学时"], ["登高", "0.5"]]


async def test_cells_that_reach_over_others_leave_each_in_its_column(screen: Screen) -> None:
    await screen.goto("plain.html")
    *rows, inner = await screen.table("#merged")
    assert rows == [["学习", "", "时长"], ["学员", "课时", "时长"], ["张三", "一", "10分"], ["张三", "二\n内", "15分"]]
    assert isinstance(rows[3][0], Carried)
    assert inner == ["内"]


async def test_waiting_for_what_comes_and_what_goes(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.wait_for("#leaving", state="detached")
    await screen.wait_for(text="来了")
    await screen.wait_for(url="plain.html")
    assert not await screen.exists("#leaving")
    with pytest.raises(StepFailed, match="did not go away"):
        await screen.wait_for("#late", state="hidden", timeout_s=0.2)
    with pytest.raises(StepFailed, match="address did not come"):
        await screen.wait_for(url="other.html", timeout_s=0.2)


async def test_a_failed_step_says_where_and_what_was_found(screen: Screen) -> None:
    await screen.goto("plain.html")
    with pytest.raises(StepFailed, match=r'plain\.html: "#nowhere" was not found; got 0; expected one visible'):
        await screen.click("#nowhere", timeout_s=0.2)
    with pytest.raises(StepFailed, match="got 1 hidden"):
        await screen.click("#drawn", timeout_s=0.2)


@pytest.mark.parametrize("selector", ["p[", "#", "nosuchengine=x >> y"])
async def test_a_wrong_selector_is_not_an_absent_element(screen: Screen, selector: str) -> None:
    await screen.goto("plain.html")
    with pytest.raises(BadSelector, match="selector is not valid"):
        await screen.exists(selector)


async def test_a_page_that_is_not_there(screen: Screen) -> None:
    with pytest.raises(StepFailed, match="HTTP 404"):
        await screen.goto("missing")


async def test_a_closed_window_fails_as_a_step_does(screen: Screen) -> None:
    await screen.goto("plain.html")
    await screen.close()
    assert screen.closed
    for doing in (screen.html(), screen.title(), screen.screenshot(), screen.click("#once"), screen.storage()):
        with pytest.raises(StepFailed):
            await doing
    await screen.close()


async def test_a_hidden_bar_is_shown_and_dragged_with_real_movement(screen: Screen) -> None:
    await screen.goto("bar.html")
    await screen.drag("#bar", 0.1, 0.8)
    (drag,) = await screen.evaluate("() => log")
    assert drag["from"] == pytest.approx(0.1, abs=0.02)
    assert drag["to"] == pytest.approx(0.8, abs=0.02)
    assert drag["moved"] >= 5
    assert drag["trusted"] is True


async def test_a_place_on_a_bar_is_clicked(screen: Screen) -> None:
    await screen.goto("bar.html")
    await screen.click_at("#bar", 0.6)
    assert await screen.evaluate("() => clicked") == pytest.approx(0.6, abs=0.02)


async def test_frames_are_searched_without_being_named(screen: Screen) -> None:
    await screen.goto("frames.html")
    await screen.wait_for("#start")
    assert await screen.text("#start") == "play"
    assert await screen.text("#start", frame=("#outer", "#inner")) == "play"
    assert await screen.count("li") == 3
    assert await screen.count("li", frame=("#outer", "#inner")) == 3
    assert not await screen.exists("#start", frame=("#outer",))


async def test_screenshot_and_source(screen: Screen) -> None:
    await screen.goto("plain.html")
    assert (await screen.screenshot()).startswith(b"\x89PNG")
    assert "in the shadow" in await screen.html()
    assert await screen.title() == "Plain"
