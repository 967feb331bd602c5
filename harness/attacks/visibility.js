() => {
  // To the page the window is always in front: constant answers, and nobody hears of the contrary.
  const constant = (name, value) => Object.defineProperty(document, name, {configurable: true, get: () => value});
  constant("hidden", false);
  constant("visibilityState", "visible");
  document.hasFocus = () => true;
  const dropped = ["visibilitychange", "webkitvisibilitychange", "blur", "focusout", "mouseleave", "freeze"];
  const deaf = (event) => {
    if (event.target === window || event.target === document) event.stopImmediatePropagation();
  };
  for (const name of dropped) for (const target of [window, document]) target.addEventListener(name, deaf, true);
  const own = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (name, ...rest) {
    if (dropped.includes(name) && (this === window || this === document)) return undefined;
    return own.call(this, name, ...rest);
  };
  window.onblur = document.onvisibilitychange = null;
  return true;
}
