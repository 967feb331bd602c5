(selectors) => {
  // Which of some CSS selectors find an element that can be seen, open shadow roots included; null for what the browser
  // does not take for CSS.
  const visible = (el) => {
    if (getComputedStyle(el).visibility !== "visible") return false;
    const r = el.getBoundingClientRect();
    return r.width > 0 && r.height > 0;
  };
  let roots = null;
  const deep = (root) => [...root.querySelectorAll("*")].flatMap(
    (el) => el.shadowRoot ? [el.shadowRoot, ...deep(el.shadowRoot)] : []);
  return selectors.map((selector) => {
    try {
      if ([...document.querySelectorAll(selector)].slice(0, 20).some(visible)) return true;
      roots = roots ?? deep(document);
      return roots.some((root) => [...root.querySelectorAll(selector)].slice(0, 20).some(visible));
    } catch (error) {
      return null;
    }
  });
}
