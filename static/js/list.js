// Lists: picking rows and the bulk bar, folding of the query form, columns counted while choosing.
// Columns, density and rows a page are kept by the server (htmx posts them).

const $ = (selector, root = document) => root.querySelector(selector);
const boxes = (list) => [...list.querySelectorAll('tbody input[name="ids"]')];

function refresh(list) {
  const bulk = $("[data-bulk]", list);
  if (!bulk) return;
  const all = boxes(list);
  const picked = all.filter((box) => box.checked);
  const whole = bulk.elements.all.value === "1";
  for (const box of all) box.closest("tr").classList.toggle("picked", box.checked);
  const head = $("[data-pick-page]", list);
  if (head) {
    head.checked = picked.length > 0 && picked.length === all.length;
    head.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  bulk.hidden = !picked.length;
  const number = whole ? bulk.dataset.all || "全部" : String(picked.length);
  bulk.dataset.touches = number;
  $("[data-picked]", bulk).textContent = number;
  $("[data-only]", bulk).textContent = whole ? "作用于符合条件的全部，不只本页" : `只作用于这 ${picked.length} 项`;
  const more = $("[data-pick-all]", bulk);
  if (more) more.hidden = whole;
}

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest('[data-list] tbody input[name="ids"]');
  const list = event.target.closest("[data-list]");
  if (box) {
    if (event.shiftKey && last && list.contains(last)) range(boxes(list), last, box);
    last = box;
    whole(list, false);
  } else if (event.target.matches("[data-pick-page]")) {
    boxes(list).forEach((item) => (item.checked = event.target.checked));
    whole(list, false);
  } else if (event.target.closest("[data-pick-none]")) {
    boxes(list).forEach((item) => (item.checked = false));
    whole(list, false);
  } else if (event.target.closest("[data-pick-all]")) {
    boxes(list).forEach((item) => (item.checked = true));
    whole(list, true);
  }
  fold(event);
});

function range(all, from, to) {
  const [low, high] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const box of all.slice(low, high + 1)) box.checked = to.checked;
}

function whole(list, on) {
  const bulk = $("[data-bulk]", list);
  if (bulk) bulk.elements.all.value = on ? "1" : "";
  refresh(list);
}

// --- query form ------------------------------------------------------------------
function fold(event) {
  const query = event.target.closest("[data-query]");
  if (!query) return;
  const toggle = (button, name) => button && button.setAttribute("aria-expanded", query.classList.toggle(name));
  toggle(event.target.closest("[data-query-fold]"), "open");
  toggle(event.target.closest("[data-query-more]"), "more");
}

// Empty terms stay out of the URL, so that it can be read and shared.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-query]") || event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-columns]");
  if (!form) return;
  const shown = form.querySelectorAll('[name="columns"]:checked').length;
  form.parentElement.querySelector("[data-columns-shown]").textContent = shown;
});

addEventListener("pageshow", () => document.querySelectorAll("[data-list]").forEach(refresh));
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.matches?.("[data-list]")) refresh(event.detail.elt);
});
