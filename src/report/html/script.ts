import { filters } from "./script-filters.ts";
import { tables } from "./script-table.ts";

/** Arrow keys in the matrix. */
const keys = `
  const matrix = document.getElementById("matrix");
  const rows = [...matrix.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.querySelector("a")));
  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  matrix.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    let row = rows.findIndex((links) => links.includes(event.target));
    if (row < 0) return;
    let column = rows[row].indexOf(event.target);
    do { row += move[0]; column += move[1]; } while (rows[row] && column >= 0 && column < rows[row].length && !rows[row][column]);
    const next = rows[row] && rows[row][column];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });`;

/** A link's target is shown, whatever folds or filters hide it; `#?` is a choice of filters. */
const reveal = `
  const reveal = () => {
    if (location.hash.startsWith("#?")) {
      choose(location.hash.slice(2));
      return document.getElementById("filters").scrollIntoView();
    }
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) { form.reset(); choose(""); }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();`;

/** A button beside each id that people pass on. */
const copies = `
  for (const named of document.querySelectorAll("[data-copy]")) {
    const { copy } = named.dataset;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "copy" });
    button.setAttribute("aria-label", "Copy " + copy);
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(copy);
        button.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(named);
        button.textContent = "selected";
      }
      setTimeout(() => { button.textContent = "copy"; }, 2000);
    };
    named.after(button);
  }`;

const block = (part: string) => `{${part}\n}`;

/** All that the page does beside being read. Without it the page is whole, but for searching, filtering and the rest of long tables. */
export const script = `"use strict";
${block(keys)}
${block(tables)}
${block(copies)}
${block(filters + reveal)}`;
