(selectors) => {
  // Which of some CSS selectors find an element that can be seen. null for what can't be told here: what the browser does
  // not take for CSS, and, in a page with open shadow roots, what is not found (a selector may reach across them).
  const visible = (el) => {
    if (getComputedStyle(el).visibility !== "visible") return false;
    const r = el.getBoundingClientRect();
    return r.width > 0 && r.height > 0;
  };
  const seen = (root, selector) => [...root.querySelectorAll(selector)].slice(0, 20).some(visible);
  let shadows = null;
  return selectors.map((selector) => {
    try {
      if (seen(document, selector)) return true;
      shadows = shadows ?? [...document.querySelectorAll("*")].filter((el) => el.shadowRoot).map((el) => el.shadowRoot);
      if (shadows.some((root) => seen(root, selector))) return true;
      return shadows.length ? null : false;
    } catch (error) {
      return null;
    }
  });
}
