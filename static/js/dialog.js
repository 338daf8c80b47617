// Native dialogs: opening, asking before an act, and the reason before a masked value.

const $ = (selector, root = document) => root.querySelector(selector);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const masked = event.target.closest("[data-reveal]");
  if (masked) askReason(masked);
});

// --- confirmation ---------------------------------------------------------------
function ask({ text, label, needsReason }) {
  const dialog = $("#confirm-dialog");
  const slot = (name) => $(`[data-slot="${name}"]`, dialog);
  const reason = $("textarea", dialog);
  slot("text").textContent = text;
  slot("yes").textContent = label || "确定";
  slot("reason").hidden = !needsReason;
  reason.required = Boolean(needsReason);
  reason.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes" ? { reason: reason.value } : null), { once: true });
  });
}

// The submitter's own words win over the form's; {n} becomes the number of rows it touches.
async function confirmSubmit(event) {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  const answer = await ask({
    text: source.dataset.confirm.replaceAll("{n}", form.dataset.touches || ""),
    label: source.dataset.confirmLabel,
    needsReason: "confirmReason" in source.dataset,
  });
  if (!answer) return;
  if (answer.reason) carry(form, "reason", answer.reason);
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}

function carry(form, name, value) {
  const input = $(`input[name="${name}"]`, form) || document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}

document.addEventListener("submit", confirmSubmit, true);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask({ text: event.detail.question })) event.detail.issueRequest(true);
});

// --- masked values ----------------------------------------------------------------
let masked = null;

function askReason(button) {
  const dialog = $("#reveal-dialog");
  masked = button;
  $('[data-slot="label"]', dialog).textContent = button.dataset.label;
  $('[data-slot="error"]', dialog).textContent = "";
  $("form", dialog).reset();
  dialog.showModal();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-reveal-form]");
  if (!form) return;
  event.preventDefault();
  const error = $('[data-slot="error"]', form);
  const note = $('[name="note"]', form);
  error.textContent = "";
  if (form.reason.value === "other" && !note.value.trim()) {
    error.textContent = "选“其他”时请写明原因。";
    return note.focus();
  }
  const body = new FormData(form);
  const headers = { "X-CSRFToken": $('meta[name="csrf-token"]').content, "HX-Request": "true" };
  const answer = await fetch(masked.dataset.reveal, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok) {
    error.textContent = answer?.status === 403 ? "当前身份不能查看这一项。" : "没有取到，请稍后再试；这次查看没有记入。";
    return;
  }
  show(masked.closest(".masked"), await answer.text());
  form.closest("dialog").close();
});

function show(place, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const shown = holder.content.firstElementChild;
  place.replaceWith(shown);
  setTimeout(() => hide(shown), 1000 * (shown.dataset.revealed || 60));
}

// A value read once should not stay on a screen that others pass by.
function hide(shown) {
  const again = $("template", shown)?.content.firstElementChild;
  if (again) shown.replaceWith(again.cloneNode(true));
}
