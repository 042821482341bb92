/** Long tables: pages, a search and a CSV file, from the rows that lie compressed beside the first ones. */
export const tables = `
  const pageRows = 50;
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const unpacked = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };
  const number = new Intl.NumberFormat("en-GB");
  const written = (cell) => (cell === null ? "" : Array.isArray(cell) ? cell[1] : cell);
  const prose = (text) => {
    const parts = text.split("\`");
    return parts.length % 2 === 0 ? [text] : parts.map((part, at) => (at % 2 ? element("code", { textContent: part }) : part));
  };
  const rowOf = (cells, words) => element("tr", {}, ...cells.map((cell, at) => {
    const made = element(at === 0 ? "th" : "td", { className: at > 0 && words[at] ? "words" : "" }, ...prose(written(cell) || (at === 0 ? "–" : "")));
    if (at === 0) made.scope = "row";
    return made;
  }));
  const csvCell = (cell) => {
    if (cell === null) return "";
    if (Array.isArray(cell)) return String(cell[0]);
    const safe = /^[=+\\-@\\t\\r]/.test(cell) ? "'" + cell : cell;
    return /[",\\n\\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const save = ({ titles, rows }, name) => {
    const lines = [titles, ...rows].map((row) => row.map(csvCell).join(","));
    const href = URL.createObjectURL(new Blob([lines.join("\\r\\n") + "\\r\\n"], { type: "text/csv" }));
    element("a", { href, download: name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 80) + ".csv" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10000);
  };
  const browsed = (long, table) => {
    const body = long.querySelector("tbody");
    const { label } = long.dataset;
    const find = element("input", { type: "search", autocomplete: "off", spellcheck: false });
    const says = element("span", {});
    says.setAttribute("role", "status");
    let texts, matching = table.rows, at = 0;
    const show = (to) => {
      at = Math.min(Math.max(0, to), Math.max(0, Math.ceil(matching.length / pageRows) - 1));
      const page = matching.slice(at * pageRows, (at + 1) * pageRows);
      body.replaceChildren(...page.map((row) => rowOf(row, table.words)));
      const of = matching.length === table.rows.length ? "" : " that match, of " + number.format(table.rows.length);
      says.textContent = page.length === 0 ? "Nothing matches" : number.format(at * pageRows + 1) + " to " + number.format(at * pageRows + page.length) + " of " + number.format(matching.length) + of;
      for (const [button, stuck] of [[back, at === 0], [on, (at + 1) * pageRows >= matching.length]]) button.setAttribute("aria-disabled", stuck);
    };
    const step = (text, by, title) => {
      const made = element("button", { type: "button", textContent: text, onclick: () => made.getAttribute("aria-disabled") === "true" || show(by()) });
      made.setAttribute("aria-label", title + ": " + label);
      return made;
    };
    const back = step("‹ Back", () => at - 1, "Back");
    const on = step("On ›", () => at + 1, "On");
    find.oninput = () => {
      texts ??= table.rows.map((row) => row.map(written).join(" ").toLowerCase());
      const wanted = find.value.trim().toLowerCase();
      matching = wanted === "" ? table.rows : table.rows.filter((_, each) => texts[each].includes(wanted));
      show(0);
    };
    show(0);
    long.querySelector(".bound")?.remove();
    return { find, parts: [element("label", {}, "Find ", find), back, says, on] };
  };
  for (const long of document.querySelectorAll(".long")) {
    const { packed, label, rows } = long.dataset;
    let table;
    const load = () => (table ??= unpacked(packed));
    const tools = element("div", { className: "tools" });
    const csv = element("button", { type: "button", textContent: "CSV", onclick: async () => save(await load(), label) });
    csv.setAttribute("aria-label", "CSV: " + label);
    if (Number(rows) > long.querySelector("tbody").rows.length) {
      const browse = element("button", { type: "button", textContent: "Browse all " + number.format(rows), onclick: async () => {
        const { find, parts } = browsed(long, await load());
        browse.replaceWith(...parts);
        long.prepend(tools);
        find.focus();
      } });
      browse.setAttribute("aria-label", browse.textContent + ": " + label);
      tools.append(browse);
    }
    tools.append(csv);
    long.append(tools);
  }`;
