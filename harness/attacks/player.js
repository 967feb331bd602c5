(rate) => {
  // The player tells the page a position that advances `rate` times as fast as the picture. Our own look at the player
  // (browser/player.py) asks for the truth by a name that pages do not know.
  const prototype = HTMLMediaElement.prototype;
  const own = Object.getOwnPropertyDescriptor(prototype, "currentTime");
  const from = new WeakMap();
  Object.defineProperty(prototype, Symbol.for("xunjian.position"), {configurable: true, get() { return own.get.call(this); }});
  Object.defineProperty(prototype, "currentTime", {
    configurable: true,
    enumerable: true,
    get() {
      const real = own.get.call(this);
      // A player that was moved tells the truth at its landing place, and lies from there on.
      if (!from.has(this) || real < from.get(this)) from.set(this, real);
      const told = from.get(this) + (real - from.get(this)) * rate;
      return Number.isFinite(this.duration) ? Math.min(told, Math.max(real, this.duration - 1)) : told;
    },
    set(to) {
      from.set(this, to);
      own.set.call(this, to);
    },
  });
  return true;
}
