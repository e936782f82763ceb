// Shows, in DingTalk's own page, that something was not sent, and asks for a reason where one is wanted.
//
// It touches as little of the page as can be. Refused requests are seen through the browser's own timing entries, where
// the gate's answer names its reference. Refused frames of the chat are seen by one more listener on the socket, which
// is put there when the page first sends on it. Nothing is in the document until there is something to say.
//
// ASCII only, no line longer than it must be, no string over several lines: it is put into pages of any charset.
(() => {
  "use strict";
  const config = "CONFIG";
  // The page's own scripts run later and are not to read the token, nor to change what is used here.
  document.currentScript?.remove();
  const ask = window.fetch.bind(window);
  const listen = EventTarget.prototype.addEventListener;
  const shadow = Element.prototype.attachShadow;
  const create = document.createElement.bind(document);
  const REFERENCE = /^C-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
  const LONGEST = 65536;
  const shown = new Set();
  const waiting = [];
  let trust = 5;  // how many references out of frames may prove to be none before frames are heard no more
  let dialog = null;
  let toast = null;

  // ---- What is refused ----

  async function refused(reference) {
    if (typeof reference !== "string" || !REFERENCE.test(reference) || shown.has(reference)) return undefined;
    shown.add(reference);
    if (window === window.parent || !config.parent) return tell(reference);
    return window.parent.postMessage({ cercoRefused: reference }, config.parent);
  }

  // Any frame can send this: what it can do is to have a reference looked up that this device may read anyway.
  async function relayed(event) {
    const reference = event.data?.cercoRefused;
    if (reference === undefined || trust === 0) return;
    trust -= 1;
    if ((await refused(reference)) !== null) trust += 1;
  }

  function heard(event) {
    const data = event.data;
    if (typeof data !== "string" || data.length > LONGEST || !data.includes('"DLP"')) return;
    try {
      const frame = JSON.parse(data);
      if (frame.code === 403 && frame.body.code === "DLP") refused(frame.body.reference);
    } catch {
      // Not a refusal, whatever it is.
    }
  }

  function watchSockets() {
    const known = new WeakSet();
    const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, "send");
    const value = new Proxy(send.value, {
      apply(target, socket, given) {
        try {
          if (!known.has(socket)) {
            known.add(socket);
            listen.call(socket, "message", heard);
          }
        } catch {
          // Not a socket: the browser says so itself, below.
        }
        return Reflect.apply(target, socket, given);
      },
    });
    Object.defineProperty(WebSocket.prototype, "send", { ...send, value });
  }

  function watchRequests() {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        for (const mark of entry.serverTiming ?? []) {
          if (mark.name === "cerco") refused(mark.description);
        }
      }
    });
    observer.observe({ type: "resource", buffered: true });
  }

  // ---- What is said ----

  async function call(reference, language, given) {
    const query = language ? `?lang=${language}` : "";
    const address = location.origin + config.path + reference + query;  // whatever <base> says
    const headers = { "Cerco-Page": config.token };
    const options = { headers, credentials: "omit", cache: "no-store", redirect: "error" };
    if (given) {
      headers["Content-Type"] = "application/json";
      Object.assign(options, { method: "POST", body: JSON.stringify(given) });
    }
    const answer = await ask(address, options);
    if (!answer.ok) throw new Error("not to be had");
    return answer.json();
  }

  async function tell(reference) {
    let notice = null;
    try {
      if (config.token) notice = await call(reference);
    } catch {
      // The gate is asked again when somebody opens the notice itself.
    }
    if (dialog) {
      waiting.push([reference, notice]);
    } else if (notice?.asking) {
      openDialog(notice);
    } else {
      openToast(reference, notice);
    }
    return notice;
  }

  function next() {
    const [reference, notice] = waiting.shift() ?? [];
    if (reference && notice?.asking) openDialog(notice);
    else if (reference) openToast(reference, notice);
  }

  function plainWords() {
    for (const wish of navigator.languages ?? []) {
      const tag = wish.toLowerCase();
      if (tag.startsWith("pt")) return config.words.pt;
      if (tag.startsWith("en")) return config.words.en;
      if (/^(yue|zh-(hant|mo|hk|tw))/.test(tag)) return config.words["zh-Hant"];
      if (tag.startsWith("zh")) return config.words["zh-Hans"];
    }
    return config.words["zh-Hant"];
  }

  // ---- How it is shown ----

  function make(tag, attributes, ...inside) {
    const element = create(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) listen.call(element, name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, value);
    }
    element.append(...inside.filter((item) => item != null));
    return element;
  }

  // An element of our own at the end of the document, whose inside the page neither styles nor reads.
  function place(content, language) {
    const host = make("cerco-notice", { lang: language });
    host.style.setProperty("all", "initial", "important");
    const root = shadow.call(host, { mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(config.style);
    root.adoptedStyleSheets = [sheet];
    root.append(content);
    document.documentElement.append(host);
    return host;
  }

  function button(words, kind, action) {
    return make("button", { type: "button", class: kind, onclick: (event) => event.isTrusted && action() }, words);
  }

  function outside(words, address) {
    return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
  }

  function noticeLink(words, reference) {
    return outside(words, config.notice + reference);
  }

  function closeToast() {
    toast?.remove();
    toast = null;
  }

  function openToast(reference, notice) {
    closeToast();
    const words = notice?.words ?? plainWords();
    const lines = [
      make("strong", null, notice?.title ?? words.stopped),
      make("p", null, notice?.found || words.unknown),
      make("p", { class: "quiet" }, `${words.reference} `, make("b", null, reference)),
    ];
    const details = notice
      ? button(words.details, "main", () => { closeToast(); openDialog(notice); })
      : noticeLink(words.notice, reference);
    const content = make(
      "section",
      { class: "toast", role: "region", "aria-label": words.region },
      make("div", { role: "alert" }, ...lines),
      make("div", { class: "actions" }, details, button(words.close, "plain", closeToast)),
    );
    listen.call(content, "keydown", (event) => { if (event.key === "Escape") closeToast(); });
    toast = place(content, words.language);
    if (content.showPopover) {
      content.popover = "manual";
      content.showPopover();
    }
  }

  function openDialog(notice) {
    closeToast();
    const body = make("div", { class: "body" });
    const box = make(
      "dialog",
      { role: "alertdialog", "aria-labelledby": "cerco-title", "aria-describedby": "cerco-lead" },
      body,
    );
    const host = place(box, notice.words.language);
    dialog = box;
    listen.call(box, "close", () => {
      host.remove();
      dialog = null;
      next();
    });
    fill(body, host, notice, {});
    box.showModal();
    body.querySelector("#cerco-title").focus();
  }

  // Write the dialog; `typed` is what the form held before, when the language changes.
  function fill(body, host, notice, typed) {
    const words = notice.words;
    host.setAttribute("lang", words.language);
    const parts = [
      make("h2", { id: "cerco-title", tabindex: "-1", class: notice.mood }, notice.title),
      make("p", { id: "cerco-lead" }, notice.lead),
      ...(notice.steps?.length ? [list(notice.steps)] : []),
      make("p", { class: "quiet" }, `${words.reference} `, make("b", null, notice.reference)),
      rows(notice),
      ...(notice.asking ? [form(body, host, notice, typed)] : advice(notice)),
      make(
        "div",
        { class: "actions" },
        noticeLink(words.notice, notice.reference),
        button(words.close, "plain", () => dialog.close()),
      ),
      languages(body, host, notice),
    ];
    body.replaceChildren(...parts);
  }

  function list(lines) {
    const item = ([line, address]) => make("li", null, address ? outside(line, address) : line);
    return make("ul", null, ...lines.map(item));
  }

  function rows(notice) {
    const found = notice.rows.map(([kind, where, masked]) =>
      make("li", null, make("b", null, kind), " ", where, " ", masked ? make("code", null, masked) : ""));
    return make("ul", { class: "rows", "aria-label": notice.words.what }, ...found);
  }

  function advice(notice) {
    return notice.next.length ? [make("h3", null, notice.words.next), list(notice.next)] : [];
  }

  function form(body, host, notice, typed) {
    const asking = notice.asking;
    const choices = asking.reasons.map(([id, said]) =>
      make(
        "label",
        { class: "choice" },
        make("input", { type: "radio", name: "reason", value: id, required: true, checked: typed.reason === id }),
        make("span", null, said),
      ));
    const sentence = make("textarea", {
      id: "cerco-sentence", rows: "3", required: true, maxlength: String(asking.most), autocomplete: "off",
      "aria-describedby": "cerco-hint cerco-kept",
    });
    sentence.value = typed.sentence ?? "";
    const fault = make("p", { class: "fault", role: "alert" });
    // Only a person presses a button: what a script of the page makes up is not trusted.
    let pressed = false;
    const press = (event) => { pressed = event.isTrusted; };
    const submit = make("button", { class: "main", onclick: press }, asking.submit);
    const made = make(
      "form",
      { class: "ask", novalidate: true },
      make("p", null, asking.lead),
      fault,
      make("fieldset", null, make("legend", null, asking.reason), ...choices),
      make("label", { class: "field", for: "cerco-sentence" }, asking.sentence),
      make("p", { class: "quiet", id: "cerco-hint" }, asking.hint),
      sentence,
      make("p", { class: "quiet", id: "cerco-kept" }, asking.kept),
      submit,
    );
    listen.call(made, "submit", async (event) => {
      event.preventDefault();
      if (!pressed || submit.disabled) return;
      pressed = false;
      const given = written(made);
      submit.disabled = true;
      submit.textContent = notice.words.sending;
      fault.textContent = "";
      let done = null;
      try {
        done = await call(notice.reference, notice.words.language, given);
      } catch {
        done = { flaw: "", said: notice.words.failed };
      }
      submit.disabled = false;
      submit.textContent = asking.submit;
      if (done.said) {
        fault.textContent = done.said;
        (done.flaw === "choose" ? made.querySelector("input") : sentence).focus();
      } else {
        fill(body, host, done, {});
        body.querySelector("#cerco-title").focus();
      }
    });
    return made;
  }

  function written(form) {
    const chosen = form.querySelector("input:checked");
    return { reason: chosen ? chosen.value : "", sentence: form.querySelector("textarea").value };
  }

  function languages(body, host, notice) {
    const links = Object.entries(config.languages).map(([code, name]) =>
      make("button", {
        type: "button", class: "language", lang: code, "aria-pressed": String(code === notice.words.language),
        onclick: async () => {
          const form = body.querySelector("form");
          const typed = form ? written(form) : {};
          try {
            fill(body, host, await call(notice.reference, code), typed);
            body.querySelector(`[lang="${code}"]`).focus();
          } catch {
            // It stays as it is.
          }
        },
      }, name));
    return make("div", { class: "languages", role: "group", "aria-label": notice.words.languages }, ...links);
  }

  // ---- Begin ----

  try {
    watchSockets();
    watchRequests();
    listen.call(window, "message", relayed);
  } catch {
    // A browser that lacks one of these shows what DingTalk shows, and the page is as it was.
  }
})();
