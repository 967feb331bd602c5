() => {
  // Call the page's own functions by which it tells itself that somebody is there.
  const NAME = new RegExp("^(do|set|on|re|reset|keep|refresh|update|record|mark)?_?"
    + "(active|activity|alive|idle(time|timer)?|still_?here|no_?op(eration)?(time|timer)?|last_?(active|operation)(time)?)$", "i");
  let called = 0;
  for (const name of Object.keys(window)) {
    let value;
    try { value = window[name]; } catch (error) { continue; }
    if (typeof value !== "function" || !NAME.test(name)) continue;
    try { value(); called++; } catch (error) { continue; }
  }
  return called;
}
