// An ID number fills birth date and sex (GB 11643-1999), here in the browser: nothing is asked of anyone.
// The field carries data-id-number; its form the names birth_date and sex unless
// data-birth / data-sex say otherwise. The server checks again.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";

export function read(text) {
  const number = text.replace(/\s/g, "").toUpperCase();
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  if (CHECK[sum % 11] !== number[17]) return { wrong: `校验位不符：末位应为 ${CHECK[sum % 11]}，请核对原件` };
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const day = new Date(`${birth}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== birth) return { wrong: "证件号码中的出生日期不存在，请核对原件" };
  return { birth, male: Number(number[16]) % 2 === 1 };
}

function fill(form, name, value, source) {
  const fields = [...form.elements].filter((element) => element.name === name);
  if (!fields.length || !value) return;
  if (fields[0].type === "radio") fields.forEach((radio) => (radio.checked = radio.value === value));
  else fields[0].value = value;
  fields[0].dispatchEvent(new Event("input", { bubbles: true }));
  fields[0].dispatchEvent(new Event("change", { bubbles: true }));
  const note = [...form.querySelectorAll("[data-filled-for]")].find((item) => item.dataset.filledFor === name);
  if (note) note.hidden = false;
  source.dataset.filled = "yes";
}

// The codes of 男 and 女 are the form's own (GB/T 2261.1 says 1 and 2): taken from the words shown.
function sexValue(form, name, male) {
  const word = male ? "男" : "女";
  for (const element of form.elements) {
    if (element.name !== name) continue;
    const option = element.options && [...element.options].find((item) => item.text.trim().startsWith(word));
    if (option) return option.value;
    if (element.type === "radio" && element.labels[0]?.textContent.trim().startsWith(word)) return element.value;
  }
  return "";
}

function say(field, text) {
  let note = field.closest(".f")?.querySelector("[data-id-say]");
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "errors" });
    note.dataset.idSay = "";
    note.setAttribute("role", "status");
    field.closest(".f")?.append(note);
  }
  note.textContent = text;
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-id-number]")) return;
  const found = read(field.value);
  say(field, found?.wrong || "");
  if (!found || found.wrong) return;
  fill(field.form, field.dataset.birth || "birth_date", found.birth, field);
  const sex = field.dataset.sex || "sex";
  fill(field.form, sex, sexValue(field.form, sex, found.male), field);
});
