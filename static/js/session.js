// Announces the end of the session two minutes ahead. Drafts are kept first (form.js hears session-ending).
// Every answer of the server that says X-Session-Expires moves the end.

const WARNING = 120_000;
const body = document.body;
const dialog = document.getElementById("session-dialog");
let expires = Date.parse(body.dataset.sessionExpires || "");
let told = false;

function slot(name) {
  return dialog.querySelector(`[data-slot="${name}"]`);
}

function left(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return seconds >= 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
}

function tick() {
  const rest = expires - Date.now();
  if (rest > WARNING) return;
  if (!told) announce();
  slot("left").textContent = left(rest);
  if (rest <= 0) end();
}

function announce() {
  told = true;
  document.dispatchEvent(new CustomEvent("session-ending"));
  if (!dialog.open) dialog.showModal();
}

function end() {
  clearInterval(clock);
  slot("ending").hidden = true;
  slot("ended").hidden = false;
  dialog.querySelector("[data-session-continue-button]").hidden = true;
  const login = dialog.querySelector("[data-session-login]");
  login.href = `${body.dataset.sessionLogin || "/sign-in/"}?next=${encodeURIComponent(location.pathname + location.search)}`;
  login.hidden = false;
  login.focus();
}

function extend(text) {
  const moment = Date.parse(text || "");
  if (Number.isNaN(moment)) return;
  expires = moment;
  told = false;
  if (dialog.open) dialog.close();
}

async function stay() {
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const answer = await fetch(body.dataset.sessionContinue, { method: "POST", headers }).catch(() => null);
  if (!answer) return; // no network: the countdown goes on, the button stays
  if (answer.ok) extend(answer.headers.get("X-Session-Expires"));
  else end();
}

let clock = 0;
if (dialog && !Number.isNaN(expires)) {
  clock = setInterval(tick, 1000);
  dialog.querySelector("[data-session-continue-button]").addEventListener("click", stay);
  // Escape would leave a page that looks alive and is not.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.addEventListener("session-extended", (event) => extend(event.detail));
  document.addEventListener("htmx:afterRequest", (event) => extend(event.detail.xhr?.getResponseHeader("X-Session-Expires")));
}
