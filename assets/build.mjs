// Copies the pinned third-party files into static/vendor/ and draws static/icons.svg.
// Runs after `npm ci`; writes only these two, both ignored by git: the repository holds only what we wrote.
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const vendor = join(root, "static", "vendor");

const files = {
  "htmx.org": ["dist/htmx.min.js", "LICENSE"],
  "tom-select": ["dist/js/tom-select.complete.min.js", "dist/css/tom-select.min.css", "LICENSE"],
  "@tabler/icons": ["LICENSE"],
};

// Manifest static files would look for the maps these comments name, and fail.
const withoutSourceMap = (text) =>
  text.replace(/\n?\/\/[#@] sourceMappingURL=\S*/g, "").replace(/\n?\/\*[#@] sourceMappingURL=[^*]*\*\//g, "");

async function copyPackage(name, paths, target) {
  const folder = join(target, name.replace(/^@/, "").replaceAll("/", "-"));
  await mkdir(folder, { recursive: true });
  for (const path of paths) {
    const source = join(modules, name, path);
    const copy = join(folder, path.split("/").pop());
    if (/\.(js|css)$/.test(path)) await writeFile(copy, withoutSourceMap(await readFile(source, "utf8")));
    else await cp(source, copy);
  }
}

async function iconNames() {
  const lines = (await readFile(join(root, "assets", "icons.txt"), "utf8")).split("\n");
  const names = lines.filter((line) => !line.startsWith("#")).flatMap((line) => line.split(/\s+/).filter(Boolean));
  return [...new Set(names)].sort();
}

async function symbol(name) {
  const path = join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`);
  const svg = await readFile(path, "utf8").catch(() => {
    throw new Error(`assets/icons.txt names "${name}", which is no Tabler outline icon`);
  });
  const shapes = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s*\n\s*/g, "");
  const pen = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${shapes}</symbol>`;
}

async function drawSprite() {
  const symbols = await Promise.all((await iconNames()).map(symbol));
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(join(root, "static", "icons.svg"), sprite);
  return symbols.length;
}

// Built beside and moved into place, so that a build cut short never leaves half a folder behind.
const fresh = `${vendor}.new`;
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
for (const [name, paths] of Object.entries(files)) await copyPackage(name, paths, fresh);
const icons = await drawSprite();
await rm(vendor, { recursive: true, force: true });
await rename(fresh, vendor);
console.log(`static/vendor: ${Object.keys(files).length} packages, static/icons.svg: ${icons} icons`);
