() => {
  // The lesson's media element: of those with a source, the one that takes most room; else the longest.
  const all = [...document.querySelectorAll("video, audio")].filter((m) => m.currentSrc || m.srcObject || m.src);
  const lesson = all.filter((m) => !m.srcObject); // a camera preview is a stream, not a lesson
  const room = (m) => { const r = m.getBoundingClientRect(); return r.width * r.height; };
  return lesson.sort((a, b) => room(b) - room(a) || (b.duration || 0) - (a.duration || 0))[0] || null;
}
