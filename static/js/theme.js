// Runs before the first paint, hence no module: sets data-theme so that nothing flashes.
// The choice says nothing about a person, so it may live in the browser.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage switched off
    }
  };
  const apply = () => {
    root.dataset.theme = chosen() || (dark.matches ? "dark" : "light");
  };
  apply();
  dark.addEventListener?.("change", apply);
  addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-toggle]")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", next);
    } catch {
      /* the choice then lasts for this page */
    }
    root.dataset.theme = next;
    dispatchEvent(new CustomEvent("themechange", { detail: next }));
  });
})();
