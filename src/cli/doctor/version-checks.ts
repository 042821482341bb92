import { type Check, cannot, ok, warning } from "./check.ts";
import { endOf, type Lives } from "./end-of-life.ts";
import type { Surroundings } from "./surroundings.ts";

const leastNode = 24;

/** Of the Node that this runs on. */
export function nodeCheck({ node, platform, now }: Surroundings, table: Lives): Check {
  const fix = table.products.node?.remedy ?? "";
  if (Number.parseInt(node.version, 10) < leastNode)
    return cannot("node", `Node ${node.version} is too old`, `Sextant needs Node ${leastNode} or newer: nothing runs.`, fix);
  return lifeCheck("node", "node", `Node ${node.version} on ${platform}`, node.version, now, table);
}

/** Of what else runs here: the system, and the Python that models are exported with. */
export function endings({ system, python, now }: Surroundings, table: Lives): Check[] {
  return [
    ...(system === null ? [] : [lifeCheck("system", system.id, system.name, system.version, now, table)]),
    ...(python === null ? [] : [lifeCheck("python", "python", `Python ${python}`, python, now, table)]),
  ];
}

function lifeCheck(id: string, product: string, what: string, version: string, now: string, table: Lives): Check {
  const end = endOf(product, version, table);
  const known = table.products[product];
  if (end === null || known === undefined) return ok(id, `${what}; when its mending ends stands in no table here`);
  if (now.slice(0, 10) <= end) return ok(id, `${what}, mended until ${end}`);
  return warning(id, `${what} is past its end of life (${end})`, `Its holes are no longer mended (${known.source}).`, known.remedy);
}

const yearMs = 365 * 24 * 3600 * 1000;

/** A table of dates that is never brought up to date ends up wrong, and must say so. */
export function tableCheck({ now }: Surroundings, { asOf }: Lives): Check {
  const what = `ends of life as of ${asOf}`;
  if (Date.parse(now) - Date.parse(asOf) < yearMs) return ok("table", what);
  return warning("table", `${what}: this table is old`, "Newer versions are not in it, and dates may have moved.", "Update Sextant.");
}
