({factor, start}) => {
  // The page's own clocks and timers, `factor` times as fast from the moment `start` (epoch ms) on. The same moment in
  // every frame, so that frames agree on the time.
  const own = {Date, now: Date.now, frame: performance.now.bind(performance)};
  const repeat = window.setInterval, later = window.setTimeout;
  const began = own.frame(), gone = Math.max(0, own.now() - start);
  const date = () => start + (gone + own.frame() - began) * factor;
  window.Date = new Proxy(own.Date, {
    construct: (to, args, made) => Reflect.construct(to, args.length ? args : [date()], made),
    apply: (to) => new to(date()).toString(),
    get: (to, name) => (name === "now" ? () => Math.floor(date()) : Reflect.get(to, name)),
  });
  performance.now = () => began + (own.frame() - began) * factor;
  window.setInterval = (what, ms = 0, ...args) => repeat(what, ms / factor, ...args);
  window.setTimeout = (what, ms = 0, ...args) => later(what, ms / factor, ...args);
  return true;
}
