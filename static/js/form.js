// Forms: warning on leaving, one submission only, drafts kept by the server, dates as 2026-11-20.

const DRAFT_PAUSE = 3000;
const changed = new WeakSet();
const timers = new WeakMap();

// --- leaving with changes -----------------------------------------------------
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-form]");
  if (!form || event.target.closest("[data-no-dirty]")) return;
  changed.add(form);
  if (form.dataset.draft) later(form);
});

addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[data-guard]")];
  if (forms.some((form) => changed.has(form))) event.preventDefault();
});

// --- once ------------------------------------------------------------------------
// Buttons are stilled after the submit has been collected: a disabled one would not send its name.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once], [data-form]")) return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "yes";
  changed.delete(form);
  clearTimeout(timers.get(form));
  setTimeout(() => still(form, true));
});

function still(form, on) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.disabled = on;
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

function release(form) {
  delete form.dataset.sending;
  still(form, false);
}

// Back from the browser's cache, after htmx, or after a file came down without leaving the page.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches?.("form[data-sending]")) release(event.detail.elt);
});

// --- drafts: kept by the server, never in the browser ----------------------------------
function later(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), DRAFT_PAUSE));
}

function draftBody(form) {
  const body = new FormData(form);
  for (const field of form.querySelectorAll("[type=password], [type=file], [name=submit_token], [name=csrfmiddlewaretoken]")) {
    body.delete(field.name);
  }
  return body;
}

async function keep(form, keepalive = false) {
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const answer = await fetch(form.dataset.draft, { method: "POST", body: draftBody(form), headers, keepalive }).catch(() => null);
  // Typing is being there; the last save before the end is not.
  if (answer?.ok && !keepalive) {
    document.dispatchEvent(new CustomEvent("session-extended", { detail: answer.headers.get("X-Session-Expires") }));
  }
  const say = form.querySelector("[data-draft-say]");
  if (!say) return;
  const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  say.textContent = answer?.ok ? `草稿已存 ${time}` : "草稿没有存上，请别关闭本页";
}

function keepAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) if (changed.has(form)) keep(form, true);
}

document.addEventListener("session-ending", keepAll);
document.addEventListener("visibilitychange", () => document.hidden && keepAll());

// --- errors ------------------------------------------------------------------------
function showErrors(root) {
  root.querySelector("[data-errors]")?.focus();
}
showErrors(document);
document.addEventListener("htmx:afterSwap", (event) => showErrors(event.detail.target));

// The summary's links lead to the field itself, also where the control is a group.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-errors] a");
  if (!link) return;
  const place = document.getElementById(link.hash.slice(1));
  const control = place?.matches("input, select, textarea") ? place : place?.querySelector("input, select, textarea");
  if (!control) return;
  event.preventDefault();
  control.focus();
  control.scrollIntoView({ block: "center" });
});

// --- dates ----------------------------------------------------------------------
// The native field shows 2026/11/20 in Chinese browsers; ours shows 2026-11-20 and takes 20261120.
function dress(field) {
  const picker = field.cloneNode();
  field.type = "text";
  field.inputMode = "numeric";
  field.maxLength = 10;
  field.autocomplete ||= "off";
  field.placeholder = "年-月-日";
  const box = Object.assign(document.createElement("span"), { className: "date-box" });
  field.replaceWith(box);
  Object.assign(picker, { tabIndex: -1, className: "picker", id: "", name: "", required: false });
  ["id", "name", "aria-describedby", "aria-invalid"].forEach((name) => picker.removeAttribute(name));
  picker.setAttribute("aria-hidden", "true");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "tool" });
  button.setAttribute("aria-label", "选日期");
  button.innerHTML = document.querySelector("#date-icon")?.innerHTML || "▾";
  box.append(field, picker, button);
  button.disabled = field.disabled || field.readOnly;
  button.addEventListener("click", () => {
    picker.value = tidy(field.value);
    if (picker.showPicker) picker.showPicker();
  });
  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    set(field, picker.value);
  });
  field.addEventListener("change", () => (field.value = tidy(field.value)));
}

function tidy(text) {
  const found = text.trim().match(/^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/);
  return found ? `${found[1]}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}` : text.trim();
}

function set(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function dressAll(root) {
  if (!matchMedia("(pointer: fine)").matches) return; // a phone's own wheel is better
  root.querySelectorAll("input[type=date]:not(.picker)").forEach(dress);
}
dressAll(document);
document.addEventListener("htmx:load", (event) => dressAll(event.detail.elt));

// --- searchable selects --------------------------------------------------------------
// Loaded only where a long list is: <select data-search>, or many may be chosen.
function search(field) {
  // Its label is taken over by the box it draws; the select itself would be left without a name.
  field.setAttribute("aria-label", field.labels[0]?.textContent.trim() || field.name);
  new TomSelect(field, {
    maxOptions: 200,
    plugins: field.multiple ? ["remove_button"] : [],
    placeholder: field.getAttribute("placeholder") || "全部",
    render: { no_results: () => '<div class="no-results">没有找到</div>' },
  });
}

function dressSelects(root) {
  const fields = [...root.querySelectorAll("select:is([data-search], [multiple]):not(.tomselected)")];
  if (!fields.length) return;
  const here = document.querySelector('meta[name="tom-select"]');
  if (!here) return;
  const start = () => fields.forEach(search);
  if (window.TomSelect) return start();
  const styles = [here.dataset.css, here.dataset.ownCss].map((href) =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href }),
  );
  const script = Object.assign(document.createElement("script"), { src: here.content, onload: start });
  document.head.append(...styles, script);
}
dressSelects(document);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && dressSelects(event.detail.elt));
