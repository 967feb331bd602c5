(name) => {
  // What a page sends as a form with files, by fetch or XMLHttpRequest: no other place shows the files' bytes.
  const tell = window[name];
  if (!tell || tell.used) return;
  tell.used = true;
  const inText = (blob) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
  const fieldsOf = (form) => Promise.all(
    [...form.entries()].map(async ([key, value]) => [key, value instanceof Blob ? await inText(value) : String(value)]),
  );
  const note = async (method, url, headers, form, status) =>
    tell({method, url: new URL(url, location.href).href, headers, fields: await form, status});

  const {fetch} = window;
  window.fetch = function (to, how = {}) {
    const answer = fetch.apply(this, arguments);
    if (how && how.body instanceof FormData) {
      const form = fieldsOf(how.body);
      const headers = Object.fromEntries(new Headers(how.headers || {}).entries());
      answer.then((got) => note(how.method || "POST", to.url || String(to), headers, form, got.status), () => {});
    }
    return answer;
  };

  const {open, send, setRequestHeader} = XMLHttpRequest.prototype;
  const calls = new WeakMap();
  XMLHttpRequest.prototype.open = function (method, url) {
    calls.set(this, {method, url: String(url), headers: {}});
    return open.apply(this, arguments);
  };
  XMLHttpRequest.prototype.setRequestHeader = function (key, value) {
    if (calls.has(this)) calls.get(this).headers[key.toLowerCase()] = value;
    return setRequestHeader.apply(this, arguments);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const call = calls.get(this);
    if (call && body instanceof FormData) {
      const form = fieldsOf(body);
      this.addEventListener("load", () => note(call.method, call.url, call.headers, form, this.status));
    }
    return send.apply(this, arguments);
  };
}
