
"use strict";
const $ = (id) => document.getElementById(id);
const root = document.documentElement;

function turn() {
  const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
}
$("theme").addEventListener("click", turn);

const search = $("search");
if (search) {
  const rules = [...document.querySelectorAll("details.rule")];
  const findings = [...document.querySelectorAll(".finding")];
  const boxes = [...document.querySelectorAll("input[name=level]")];
  const words = new Map();
  const open = () => rules.filter((rule) => !rule.hidden);

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const name = $("rule").value;
    let shown = 0;
    for (const rule of rules) {
      const fits = levels.has(rule.dataset.level) && (!name || rule.dataset.rule === name);
      const named = wanted && rule.dataset.rule.includes(wanted);
      let left = 0;
      for (const finding of fits ? rule.querySelectorAll(".finding") : []) {
        if (!words.has(finding)) words.set(finding, finding.textContent.toLowerCase());
        finding.hidden = Boolean(wanted) && !named && !words.get(finding).includes(wanted);
        left += !finding.hidden;
      }
      rule.hidden = !left;
      if (wanted && left && !named) rule.open = true;
      shown += left;
    }
    $("shown").textContent = $("shown").dataset.text.replace("%1", shown.toLocaleString("en")).replace("%2", findings.length.toLocaleString("en"));
    $("none").hidden = shown > 0;
    label();
  }

  function label() {
    const some = open().some((rule) => !rule.open);
    $("all").textContent = some ? $("all").dataset.open : $("all").dataset.close;
  }

  function step(by) {
    const seen = open().flatMap((rule) => [...rule.querySelectorAll(".finding")]).filter((finding) => !finding.hidden);
    if (!seen.length) return;
    const at = seen.indexOf(document.activeElement.closest(".finding"));
    const next = seen[at < 0 ? (by > 0 ? 0 : seen.length - 1) : Math.min(Math.max(at + by, 0), seen.length - 1)];
    next.closest("details").open = true;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  search.addEventListener("input", filter);
  $("rule").addEventListener("change", filter);
  for (const box of boxes) box.addEventListener("change", filter);
  for (const rule of rules) rule.addEventListener("toggle", label);
  $("all").addEventListener("click", () => {
    const some = open().some((rule) => !rule.open);
    for (const rule of open()) rule.open = some;
    label();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { search.value = ""; filter(); search.blur(); return; }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
    if (event.key === "t") turn();
  });
  filter();
}
