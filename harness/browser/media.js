() => {
  // The lesson's media element: of those with a source, the one that takes most room; else the longest.
  const find = (root) => [...root.querySelectorAll("video, audio")];
  const deep = (root) => [...root.querySelectorAll("*")].flatMap(
    (el) => el.shadowRoot ? [...find(el.shadowRoot), ...deep(el.shadowRoot)] : []);
  const usable = (m) => (m.currentSrc || m.srcObject || m.src)
    && !(m.srcObject instanceof MediaStream); // a camera preview is a stream, not a lesson
  let lesson = find(document).filter(usable);
  if (!lesson.length) lesson = deep(document).filter(usable);
  const room = (m) => { const r = m.getBoundingClientRect(); return r.width * r.height; };
  return lesson.sort((a, b) => room(b) - room(a) || (b.duration || 0) - (a.duration || 0))[0] || null;
}
