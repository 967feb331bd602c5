() => {
  // What keeps learners from seeking on the page's side, taken away: the player's listeners hear of no seek, the
  // native controls come back, and flags and attributes that forbid it are turned.
  let turned = 0;
  for (const name of ["seeking", "ratechange"]) {
    window.addEventListener(name, (event) => event.stopImmediatePropagation(), true);
  }
  for (const el of document.querySelectorAll("video, audio")) {
    el.controls = true;
    el.removeAttribute("controlslist");
    el.onseeking = el.onratechange = null;
  }
  const allows = /^(if|is|allow|enable)?_?(can)?_?(drag|seek|fast(forward)?|speed)(able|enabled|allowed)?$/i;
  const forbids = /^(if|is)?_?(forbid|disable|deny|no|lock|prevent|pause)_?(drag|seek|fast(forward)?|blur)(ging|ing)?$/i;
  for (const name of Object.keys(window)) {
    let value;
    try { value = window[name]; } catch (error) { continue; }
    if (typeof value !== "boolean") continue;
    if (allows.test(name) && !value) { window[name] = true; turned++; }
    if (forbids.test(name) && value) { window[name] = false; turned++; }
  }
  for (const name of ["fastforward", "switchwindow", "data-noseek", "data-forbid-seek", "noseek"]) {
    for (const el of document.querySelectorAll(`[${name}]`)) { el.removeAttribute(name); turned++; }
  }
  return turned;
}
