// A place by cascade and by search. The code stays in the form's own field; the levels only help to find it.

const LEVELS = ["省", "市", "县", "乡镇街道", "村社区"];
const json = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

class Region {
  constructor(box) {
    this.box = box;
    this.field = box.querySelector("[data-code]");
    this.levels = box.querySelector(".levels");
    this.depth = Number(box.dataset.depth);
    this.makeFinder();
    this.start();
  }

  // The labelled field becomes the search; the code moves to a hidden one of the same name.
  makeFinder() {
    this.code = Object.assign(document.createElement("input"), { type: "hidden", name: this.field.name, value: this.field.value });
    this.finder = this.field;
    this.finder.removeAttribute("name");
    this.finder.value = "";
    this.finder.placeholder = this.box.closest("[data-query]") ? "地名或拼音" : "输入地名或拼音查找，或在下面逐级选";
    this.finder.setAttribute("role", "combobox");
    this.finder.setAttribute("aria-expanded", "false");
    this.finder.setAttribute("aria-autocomplete", "list");
    this.finder.dataset.noDirty = "";
    this.list = Object.assign(document.createElement("div"), { className: "suggest", id: `${this.finder.id}_found` });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "找到的地方");
    this.finder.setAttribute("aria-controls", this.list.id);
    this.box.prepend(this.code);
    this.finder.after(this.list);
    this.finder.addEventListener("input", () => this.search());
    this.finder.addEventListener("keydown", (event) => this.keys(event));
    this.finder.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  async start() {
    this.levels.hidden = false;
    try {
      await this.show(this.code.value);
    } catch {
      this.fail();
    }
  }

  async show(code) {
    const path = code ? await json(`${this.box.dataset.path}?code=${encodeURIComponent(code)}`) : [];
    const top = this.box.dataset.top;
    const from = top ? path.findIndex((place) => place.code === top) + 1 : 0;
    const below = path.slice(from);
    this.levels.replaceChildren();
    let parent = top;
    for (const place of [...below, null]) {
      if (this.levels.children.length >= this.depth) break;
      if (!(await this.addLevel(parent, place?.code || "", from))) break;
      parent = place?.code;
    }
    this.finder.value = below.map((place) => place.name).join(" ");
  }

  async addLevel(parent, value, from = 0) {
    const places = await json(`${this.box.dataset.children}?parent=${encodeURIComponent(parent || "")}`);
    if (!places.length) return false;
    const at = this.levels.children.length;
    const select = document.createElement("select");
    select.setAttribute("aria-label", LEVELS[Math.min(from + at, LEVELS.length - 1)]);
    select.add(new Option("请选择", ""));
    for (const place of places) select.add(new Option(place.name, place.code, false, place.code === value));
    select.addEventListener("change", () => this.pick(select, at));
    this.levels.append(select);
    return true;
  }

  async pick(select, at) {
    while (this.levels.children.length > at + 1) this.levels.lastElementChild.remove();
    const chosen = [...this.levels.children].filter((level) => level.value);
    this.store(select.value || chosen.at(-1)?.value || this.box.dataset.top || "");
    this.finder.value = chosen.map((level) => level.selectedOptions[0].text).join(" ");
    if (select.value && at + 1 < this.depth) await this.addLevel(select.value, "").catch(() => this.fail());
  }

  store(code) {
    this.code.value = code;
    this.code.dispatchEvent(new Event("input", { bubbles: true }));
    this.code.dispatchEvent(new Event("change", { bubbles: true }));
  }

  search() {
    clearTimeout(this.timer);
    const words = this.finder.value.trim();
    if (!words) return this.close();
    this.timer = setTimeout(async () => {
      const found = await json(`${this.box.dataset.search}?q=${encodeURIComponent(words)}&top=${this.box.dataset.top}`).catch(() => []);
      if (words === this.finder.value.trim()) this.offer(found);
    }, 250);
  }

  offer(found) {
    this.list.replaceChildren(...found.map((place, at) => this.option(place, at)));
    if (!found.length) this.list.append(Object.assign(document.createElement("div"), { className: "meta", textContent: "没有找到，请换个写法或逐级选" }));
    this.finder.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  option(place, at) {
    const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, id: `${this.list.id}_${at}` });
    button.setAttribute("role", "option");
    button.dataset.code = place.code;
    button.append(place.name, " ", Object.assign(document.createElement("small"), { className: "meta", textContent: place.path || "" }));
    return button;
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  mark(at) {
    const all = this.options();
    this.at = (at + all.length) % (all.length || 1);
    all.forEach((option, index) => option.setAttribute("aria-selected", index === this.at));
    this.finder.setAttribute("aria-activedescendant", all[this.at]?.id || "");
    all[this.at]?.scrollIntoView({ block: "nearest" });
  }

  keys(event) {
    if (!this.options().length) return;
    if (event.key === "ArrowDown") this.mark(this.at + 1);
    else if (event.key === "ArrowUp") this.mark(this.at - 1);
    else if (event.key === "Enter") this.take(this.options()[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  async take(option) {
    if (!option) return;
    this.close();
    this.store(option.dataset.code);
    await this.show(option.dataset.code).catch(() => this.fail());
  }

  close() {
    this.list.replaceChildren();
    this.finder.setAttribute("aria-expanded", "false");
    this.finder.removeAttribute("aria-activedescendant");
  }

  // Without the server's list the code can still be typed, as without script.
  fail() {
    this.finder.name = this.code.name;
    this.finder.value = this.code.value;
    this.finder.placeholder = "区划没有加载出来，可直接填区划代码";
    this.code.remove();
    this.levels.hidden = true;
  }
}

function start(root) {
  for (const box of root.querySelectorAll("[data-region]:not([data-ready])")) {
    box.dataset.ready = "";
    new Region(box);
  }
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
