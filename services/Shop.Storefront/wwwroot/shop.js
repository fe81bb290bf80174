// What the pages do beyond links and forms. Every page works without it, except that nothing changes by itself.

const search = () => {
  const form = document.querySelector("[data-search]");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "true";
  const input = form.querySelector("input");
  const list = form.querySelector("ul");
  let timer, running;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const options = () => [...list.children];
  const select = (index) => {
    options().forEach((option, i) => option.setAttribute("aria-selected", i === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options()[index].id);
  };
  const show = (items) => {
    list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `suggestion-${index}`;
      option.role = "option";
      option.dataset.href = `/products/${item.id}`;
      let at = 0;
      for (const { start, length } of item.highlights) {
        option.append(item.name.slice(at, start));
        const mark = document.createElement("mark");
        mark.textContent = item.name.slice(start, start + length);
        option.append(mark);
        at = start + length;
      }
      option.append(item.name.slice(at));
      return option;
    }));
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const suggest = async () => {
    running?.abort();
    running = new AbortController();
    if (input.value.trim().length < 2) return close();
    try {
      const response = await fetch(`/suggest?q=${encodeURIComponent(input.value)}`, { signal: running.signal });
      if (response.ok) show((await response.json()).items);
    } catch { /* A newer text, or offline: the field still searches. */ }
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 150); });
  input.addEventListener("keydown", (event) => {
    const current = options().findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") close();
    if (list.hidden) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown") { select(current < last ? current + 1 : 0); event.preventDefault(); }
    if (event.key === "ArrowUp") { select(current > 0 ? current - 1 : last); event.preventDefault(); }
    if (event.key === "Enter" && current >= 0) { location.href = options()[current].dataset.href; event.preventDefault(); }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (option) location.href = option.dataset.href;
  });
  input.addEventListener("blur", () => setTimeout(close, 100));
};

// A second click on "Place order" must not send the form again; the server would notice, the person would wonder.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  form.dataset.sent = "true";
  form.querySelector("[type=submit]")?.setAttribute("aria-disabled", "true");
}, true);

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-submit-on-change]");
  form?.requestSubmit();
});

// Choosing a region shows the tax: the form is sent by its first button, which only computes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-preview]")?.form;
  if (!form) return;
  const preview = document.createElement("button");
  preview.hidden = true;
  preview.name = "Form.Do";
  preview.value = "total";
  preview.formNoValidate = true;
  form.append(preview);
  form.requestSubmit(preview);
  preview.remove();
});

// What was typed survives a session that expires in the middle: this tab keeps it until the order is placed, and nobody
// else who signs in here gets it, as its name has the user's id.
const draftPrefix = "draft-";
const forgetDrafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith(draftPrefix)).forEach((key) => sessionStorage.removeItem(key));
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.draft) return;
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type) && (field.type !== "radio" || field.checked));
  sessionStorage.setItem(draftPrefix + form.dataset.draft, JSON.stringify(fields.map((field) => [field.name, field.value])));
});
document.addEventListener("submit", (event) => {
  if (event.target.action.includes("/sign-out")) forgetDrafts();
});
const draft = () => {
  if (new URLSearchParams(location.search).has("placed")) forgetDrafts();
  const form = document.querySelector("[data-draft]");
  if (!form) return;
  let preview;
  for (const [name, value] of JSON.parse(sessionStorage.getItem(draftPrefix + form.dataset.draft) ?? "[]")) {
    const field = form.elements.namedItem(name);
    if (!field || field.value === value) continue;
    field.value = value;
    if (field.value === value && field.dataset?.preview !== undefined) preview = field;
  }
  // A restored region shows its tax.
  preview?.dispatchEvent(new Event("change", { bubbles: true }));
};

// Printing needs a script, so the button shows only with one.
const printing = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A page that follows something on the server: each event loads the page again, in place.
let stream;
const follow = () => {
  const address = document.querySelector("[data-live]")?.dataset.live;
  if (stream?.address === address) return;
  stream?.source.close();
  stream = undefined;
  if (!address) return;
  const source = new EventSource(address);
  source.addEventListener("order", (event) => {
    // An event's id is the number of its line. The first one may be newer than the page.
    const shown = Number(document.querySelector("[data-live]")?.dataset.lines ?? 0);
    if (Number(event.lastEventId) >= shown) Blazor.navigateTo(location.href, false, true);
  });
  source.addEventListener("end", () => source.close());
  stream = { address, source };
};

const offline = () => {
  const notice = document.querySelector("[data-offline-notice]");
  if (notice) notice.hidden = navigator.onLine;
};
addEventListener("online", offline);
addEventListener("offline", offline);

// A progress bar while the next page loads.
const busy = (on) => document.documentElement.toggleAttribute("data-busy", on);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && link.origin === location.origin && !event.defaultPrevented && !event.ctrlKey && !event.metaKey) busy(true);
});
document.addEventListener("submit", () => busy(true));

const ready = () => {
  busy(false);
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[type=submit]")?.removeAttribute("aria-disabled");
  }
  if (matchMedia("(max-width: 48rem)").matches)
    for (const details of document.querySelectorAll("[data-open-on-wide]")) details.open = false;
  search();
  printing();
  follow();
  draft();
  offline();
};
Blazor.addEventListener("enhancedload", ready);
addEventListener("pageshow", () => busy(false));
ready();
