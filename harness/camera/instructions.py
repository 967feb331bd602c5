"""What an assessor is told to do before a real camera, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.camera.scenes import BrowserState, Scene, TwoPeople


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step for the assessor."""

    zh: str
    en: str
    scene: str
    person: str = ""
    acts: tuple[str, ...] = ()
    possible: bool = True
    """False: it can't be done at this device at all, so nobody is asked."""


SCENES = {
    "learner": (
        "请 {person} 本人单独坐在镜头前，面向镜头，光线充足；直到下一步指示前请勿离开",
        "let {person} alone sit before the camera, facing it, well lit, and stay until the next instruction",
    ),
    "other_photo": (
        "请 {person} 本人单独坐在镜头前，换一种样子（如戴上或摘下眼镜、换外套、开关台灯）；直到下一步指示前请勿离开",
        "let {person} alone sit before the camera, looking different (glasses on or off, another coat, another light), "
        "and stay until the next instruction",
    ),
    "stranger": (
        "请 {person} 坐到镜头前，其他人全部离开画面；直到下一步指示前请勿离开",
        "let {person} sit before the camera and everybody else leave the picture, until the next instruction",
    ),
    "nobody": (
        "请所有人离开画面，镜头前只留空座位；直到下一步指示前请勿入画",
        "let everybody leave the picture: an empty chair before the camera, until the next instruction",
    ),
    "two_people": (
        "请 {person} 与 {beside} 并排坐在镜头前，两张脸都清楚可见",
        "let {person} and {beside} sit side by side before the camera, both faces clearly seen",
    ),
    "print": (
        "请把 {person} 的纸质照片举到镜头前，占满画面，真人不入画",
        "hold a printed photograph of {person} before the camera so that it fills the picture; no living person in it",
    ),
    "screen_replay": (
        "请在手机或平板上循环播放 {person} 的录像（含眨眼、转头），屏幕占满画面，真人不入画",
        "play a film of {person} (blinking, turning) in a loop on a telephone or tablet that fills the picture; no "
        "living person in it",
    ),
    "frozen": (
        "请在平板上全屏显示 {person} 的一张静止照片，放在支架上不动，占满画面，真人不入画",
        "show one still photograph of {person} full screen on a tablet on a stand, filling the picture, not moving; no "
        "living person in it",
    ),
    "covered": (
        "请用手指或不透明胶布完全遮住摄像头，其余照常操作；直到下一步指示前请勿移开",
        "cover the lens completely with a finger or tape, until the next instruction",
    ),
    "dark": ("请关灯、拉上窗帘，{person} 仍坐在镜头前", "switch off the light and draw the curtains; {person} stays"),
    "too_far": ("请 {person} 退到房间另一端", "let {person} go to the other end of the room"),
    "unplugged": ("请拔掉摄像头的插头（外接摄像头）", "pull out the plug of the camera (one that has a plug)"),
    "denied": (
        "请接好摄像头、露出镜头；本步骤由浏览器拒绝摄像头权限，镜头前无须有人",
        "plug the camera in and uncover it; the browser now refuses its permission, nobody needs to sit there",
    ),
}
PHONE = {
    "denied": (
        "请在手机系统设置中关闭该应用（或浏览器、微信）的摄像头权限",
        "in the telephone's settings, refuse the camera permission of the app (or browser) that makes the check",
    ),
}
RESTORE = {
    False: ("先移开遮挡、接好摄像头；", "uncover the lens and plug the camera in first; "),
    True: (
        "先移开遮挡，并在手机设置中重新允许摄像头权限；",
        "uncover the lens and allow the camera again in the telephone's settings first; ",
    ),
}
ON_PHONE = ("（以手机镜头为准）", " (the telephone's camera is meant)")
ACTS = {
    "blink": ("眨眼两次", "blink twice"),
    "turn_left": ("向左转头", "turn the head to the left"),
    "turn_right": ("向右转头", "turn the head to the right"),
    "nod": ("点头", "nod"),
    "look_up": ("抬头", "look up"),
    "open_mouth": ("张嘴", "open the mouth"),
    "smile": ("微笑", "smile"),
}
IMPOSSIBLE_ON_PHONE = frozenset({"unplugged"})


def before_camera(scene: Scene | BrowserState, *, phone: bool = False, restore: bool = False) -> Instruction:
    """Have a scene put before the camera. `restore`: the camera was covered, out or refused until now."""
    person = "" if isinstance(scene, BrowserState) else scene.person
    beside = scene.beside if isinstance(scene, TwoPeople) else ""
    zh, en = (PHONE if phone and scene.name in PHONE else SCENES)[scene.name]
    zh, en = zh.format(person=person, beside=beside), en.format(person=person, beside=beside)
    if restore and scene.name not in ("unplugged", "denied", "covered"):
        zh, en = RESTORE[phone][0] + zh, RESTORE[phone][1] + en
    if phone:
        zh, en = zh + ON_PHONE[0], en + ON_PHONE[1]
    return Instruction(zh, en, scene.name, person, possible=not (phone and scene.name in IMPOSSIBLE_ON_PHONE))


def acting(scene: Scene, acts: Sequence[str], *, phone: bool = False) -> Instruction:
    """Have whoever is before the camera act, in the order given."""
    zh = "、".join(ACTS[act][0] for act in acts)
    en = ", ".join(ACTS[act][1] for act in acts)
    who = scene.person
    zh = f"请镜头前的 {who} 现在依次做：{zh}；按页面提示重复，直到页面有结果"
    en = f"let {who}, before the camera, now: {en}; again as the page asks, until the page has decided"
    if phone:
        zh, en = f"请 {who} 在手机上完成人脸核验。{zh}", f"let {who} do the face check on the telephone. {en}"
    return Instruction(zh, en, scene.name, who, tuple(acts))
