/** Which claims to show: by verdict, threat, owner and words. The choice stands in the address after \`#?\`. */
export const filters = `
  const form = document.getElementById("filters");
  const says = form.querySelector("[role=status]");
  const lower = (found) => found.textContent.toLowerCase();
  const items = [...document.querySelectorAll("[data-claim]")].map((item) => ({
    item,
    claim: item.dataset.claim,
    threats: item.dataset.threats.split(" "),
    role: item.dataset.role,
    head: lower(item.querySelector("header") ?? item),
    results: [...item.querySelectorAll(".result")],
  }));
  const lines = [...document.querySelectorAll("li[data-status]")];
  const places = [...document.querySelectorAll("#stages .place, #stages .stage")];
  const all = new Set(items.map(({ claim }) => claim)).size;
  const filter = ({ q, status, threat, role }) => {
    const active = Boolean(q || status || threat || role);
    const words = q.trim().toLowerCase();
    const shown = new Set();
    for (const { item, claim, threats, role: owner, head, results } of items) {
      const named = head.includes(words);
      let any = results.length === 0 && (!status || status === "unassessed") && named;
      for (const result of results) {
        const fits = (!status || result.dataset.status === status) && (named || lower(result).includes(words));
        result.hidden = !fits;
        any ||= fits;
      }
      item.hidden = !(any && (!threat || threats.includes(threat)) && (!role || owner === role));
      if (item.hidden) continue;
      shown.add(claim);
      if (active) for (let at = item.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
      if (active) for (const fold of item.querySelectorAll(".results")) if (fold.parentElement.tagName === "DETAILS" && fold.querySelector(".result:not([hidden])")) fold.parentElement.open = true;
    }
    for (const line of lines)
      line.hidden = Boolean((status && line.dataset.status !== status) || threat || (role && line.dataset.role !== role) || !lower(line).includes(words));
    for (const place of places) place.hidden = active && !place.querySelector("[data-claim]:not([hidden]), li[data-status]:not([hidden])");
    says.textContent = active ? shown.size + " of " + all + " claims shown" : "";
    form.classList.toggle("active", active);
  };
  const chosen = () => Object.fromEntries(new FormData(form));
  const choose = (text) => {
    const given = new URLSearchParams(text);
    for (const name of ["q", "status", "threat", "role"]) form.elements[name].value = given.get(name) ?? "";
    filter(chosen());
  };
  const said = () => {
    const given = new URLSearchParams(Object.entries(chosen()).filter(([, value]) => value));
    history.replaceState(null, "", given.size ? "#?" + given : location.pathname + location.search);
    filter(chosen());
  };
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(said, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); said(); });
  form.addEventListener("reset", () => setTimeout(said));
  form.hidden = false;`;
