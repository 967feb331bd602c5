() => {
  // Press what answers an "are you still there" prompt: buttons with such words in something that lies over the page.
  const YES = /继续|确定|确认|我在|在学|知道了|是的|^是$|^ok$|continue|resume|still here|^yes$/i;
  const NO = /退出|取消|注销|离开|结束|log ?out|sign ?out|cancel|quit|exit|leave/i;
  const OVER = "dialog[open], [role=dialog], [role=alertdialog], [class*=modal], [class*=dialog], [class*=popup], "
    + "[class*=overlay], [class*=layer], [class*=mask], [class*=prompt]";
  const over = (el) => {
    if (el.closest(OVER)) return true;
    for (let up = el; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).position === "fixed") return true;
    }
    return false;
  };
  let pressed = 0;
  for (const el of document.querySelectorAll("button, a, [role=button], input[type=button], input[type=submit]")) {
    const words = (el.innerText || el.value || "").replace(/\s+/g, " ").trim();
    if (words.length > 20 || !YES.test(words.replace(/ /g, "")) || NO.test(words)) continue;
    if (!el.getClientRects().length || !over(el)) continue;
    el.click();
    pressed++;
  }
  return pressed;
}
