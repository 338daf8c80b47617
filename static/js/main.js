// Keys, menus, toasts, tabs, and what htmx needs: the CSRF token and a panel where a part failed.

const $ = (selector, root = document) => root.querySelector(selector);
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = $('meta[name="csrf-token"]').content;
});

// --- keys -----------------------------------------------------------------
let jumping = 0;

function jump(letter) {
  const link = [...document.querySelectorAll("[data-go]")].find((a) => a.dataset.go.replace(/^g\s*/, "") === letter);
  if (link) location.assign(link.href);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const form = event.target.closest?.("form[data-form]") || $("form[data-form]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape") return closeAll(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  if (Date.now() - jumping < 1500) {
    jumping = 0;
    jump(event.key);
  } else if (event.key === "/") {
    event.preventDefault();
    openFinder();
  } else if (event.key === "?") {
    $("#keys-dialog")?.showModal();
  } else if (event.key === "g") {
    jumping = Date.now();
  }
});

// --- drawer and finder on the phone -----------------------------------------
function setMenu(open) {
  document.body.classList.toggle("menu-open", open);
  $("[data-menu-open]")?.setAttribute("aria-expanded", open);
  const main = $("main");
  if (main) main.inert = open;
  if (open) $("#menu a.item")?.focus();
}

function openFinder() {
  document.body.classList.add("find-open");
  $("#find")?.focus();
}

function closeFinder() {
  document.body.classList.remove("find-open");
  const list = $("#suggest");
  if (list) list.textContent = "";
}

function closeAll(event) {
  const pop = event.target.closest?.("details.pop[open]") || $("details.pop[open]");
  if (pop) {
    pop.open = false;
    $("summary", pop).focus();
  }
  if (document.body.classList.contains("menu-open")) {
    setMenu(false);
    $("[data-menu-open]").focus();
  }
  if (event.target.id === "find") event.target.blur();
  closeFinder();
}

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  for (const pop of document.querySelectorAll("details.pop[open]")) if (!pop.contains(event.target)) pop.open = false;
  if (hit("[data-menu-open]")) setMenu(true);
  else if (hit("[data-menu-close]")) setMenu(false);
  else if (hit("[data-find-open]")) openFinder();
  else if (!hit(".finder")) closeFinder();
  if (hit("[data-toast-close]")) hit("[data-toast]").remove();
  if (hit("[data-print]")) print();
  if (hit("[data-back]")) history.back();
  if (hit("[data-reload]")) location.reload();
  if (hit("[data-retry]")) retry(hit("[data-panel]"));
  if (hit("[aria-disabled='true']")) event.preventDefault();
});

// Arrows walk through suggestions and pop-over entries.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const box = event.target.closest(".finder, details.pop[open]");
  if (!box || event.target.matches("select, textarea, [type=radio]")) return;
  const entries = [...box.querySelectorAll(".suggest a, .pick")];
  if (!entries.length) return;
  event.preventDefault();
  const at = entries.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  entries[(at + entries.length) % entries.length].focus();
});

// A menu inside a scrolling table is laid over it, or it would be cut off.
document.addEventListener(
  "toggle",
  (event) => {
    const pop = event.target;
    if (!pop.matches?.(".scroll details.pop") || !pop.open) return;
    const box = $(".pop-body", pop);
    const at = $("summary", pop).getBoundingClientRect();
    pop.classList.add("fixed");
    box.style.top = `${Math.min(at.bottom + 4, innerHeight - box.offsetHeight - 8)}px`;
    box.style.left = `${Math.max(8, at.right - box.offsetWidth)}px`;
  },
  true,
);

// --- toasts -----------------------------------------------------------------
function toast(tone, text) {
  const box = $("#toasts");
  if (!box) return;
  const item = $("#toast-template").content.firstElementChild.cloneNode(true);
  item.classList.add(tone);
  $(".grow", item).textContent = text;
  box.append(item);
  fade(item);
}

// Errors stay until closed: they may have to be read twice.
function fade(item) {
  if (!item.classList.contains("error")) setTimeout(() => item.remove(), 8000);
}

document.querySelectorAll("[data-toast]").forEach(fade);
document.addEventListener("toast", (event) => toast(event.detail.tone || "info", event.detail.text));

// --- parts that fail ----------------------------------------------------------
function failed(event) {
  const panel = event.detail.elt.closest("[data-panel]");
  if (!panel) {
    const status = event.detail.xhr?.status;
    const offline = !status;
    toast("error", offline ? "网络没有连上，这一步没有做成，请稍后再试。" : refusal(status));
    return;
  }
  panel.replaceChildren($("#failed-template").content.cloneNode(true));
  $("b", panel).textContent = `“${panel.dataset.panel}”没有加载出来`;
}

function refusal(status) {
  if (status === 401) return "登录已过期，请重新登录。";
  if (status === 403) return "当前身份不能做这件事。";
  if (status === 404) return "没有找到，可能已转走或不在你的范围内。";
  if (status === 429) return "操作太频繁，请稍等再试。";
  return "系统没有做成这一步，已保存的内容不受影响，请稍后再试。";
}

function retry(panel) {
  const url = panel.getAttribute("hx-get");
  htmx.ajax("GET", url, { target: panel, source: panel, swap: panel.getAttribute("hx-swap") || "innerHTML" });
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

// --- tabs ---------------------------------------------------------------------
// The tab line stands outside the part that is swapped, so the mark is moved here.
document.addEventListener("htmx:beforeRequest", (event) => {
  const nav = event.detail.elt.closest("nav[data-tabs]");
  if (!nav) return;
  $("[aria-current]", nav)?.removeAttribute("aria-current");
  event.detail.elt.setAttribute("aria-current", "page");
});
document.addEventListener("htmx:historyRestore", () => location.reload());

// What is current shall be seen where a line of tabs or stages is wider than the phone.
for (const now of document.querySelectorAll(".tabs [aria-current], .stages .current")) {
  const line = now.closest(".tabs, .stages");
  line.scrollLeft = now.offsetLeft - (line.clientWidth - now.offsetWidth) / 2;
}

for (const button of document.querySelectorAll("[data-back], [data-reload]")) {
  button.hidden = button.matches("[data-back]") && history.length < 2;
}
