import { posix } from "node:path";
import type { Artefact, Assessment, Declared, Result } from "../../assess/index.ts";
import { distinct, said } from "./text.ts";

type Finding = Result["findings"][number];

/** More places than these make a result unreadable; the table of findings (`--format csv`) has them all. */
const mostRelated = 100;

/** Where things stand, as SARIF says it: paths from the folder of sextant.yaml, or from one above it by `prefix`. */
export function placesOf({ declaration = "sextant.yaml", artefacts }: Assessment, prefix: string) {
  // The declaration first, then each artefact that is one file, by its id.
  const files = new Map<string | null, { readonly path: string; readonly artefact: Artefact | null }>([
    [null, { path: declaration, artefact: null }],
  ]);
  for (const artefact of artefacts) if (artefact.path !== undefined) files.set(artefact.id, { path: artefact.path, artefact });
  const indices = new Map([...files.keys()].map((id, at) => [id, at]));
  const locationOf = (id: string | null) => {
    const file = files.get(id);
    return file === undefined ? undefined : { uri: uriOf(posix.join(prefix, file.path)), uriBaseId: "%SRCROOT%", index: indices.get(id) };
  };
  const physicalOf = ({ artefact, row }: Finding) => {
    const artifactLocation = locationOf(artefact);
    const line = files.get(artefact)?.artefact?.firstRowLine;
    const region = line === undefined || row === undefined || row < 0 ? {} : { region: { startLine: line + row } };
    return artifactLocation === undefined ? {} : { physicalLocation: { artifactLocation, ...region } };
  };
  return {
    artifacts: [...files].map(([id, { artefact }]) => ({ location: locationOf(id), roles: ["analysisTarget"], ...artifactOf(artefact) })),
    location: (declared: Declared | undefined) => ({ physicalLocation: { artifactLocation: locationOf(null), ...regionOf(declared) } }),
    related: (findings: readonly Finding[]) =>
      distinct(findings.slice(0, mostRelated).map((finding) => relatedOf(finding, physicalOf(finding)))),
  };
}

function artifactOf(artefact: Artefact | null) {
  if (artefact === null) return { description: { text: "The declaration." } };
  const { id, about, digest } = artefact;
  return { description: { text: said(`${id}: ${about}`) }, hashes: { "sha-256": digest.slice("sha256:".length) } };
}

const regionOf = (declared: Declared | undefined) =>
  declared === undefined ? {} : { region: { startLine: declared.line, startColumn: declared.column } };

/** A row is no line where blank lines or breaks inside quotes may come between: so it is named, and a line is claimed only where it is known. */
function relatedOf({ artefact, row, column, place, probability, reason }: Finding, physical: object) {
  const parts = [row === undefined ? "" : `row ${row} (from 0)`, column === undefined ? "" : `column ${column}`, place ?? ""].filter(
    Boolean,
  );
  return {
    message: { text: said(reason) },
    ...physical,
    logicalLocations: [{ name: said(parts.join(", ") || artefact), fullyQualifiedName: said([artefact, ...parts].join(" ")) }],
    properties: {
      ...(row === undefined ? {} : { row }),
      ...(column === undefined ? {} : { column: said(column) }),
      ...(probability === undefined ? {} : { probability }),
    },
  };
}

/** A path as a relative reference: each part percent-encoded. A first part with a colon would read as a scheme. */
const uriOf = (path: string): string =>
  path
    .toWellFormed()
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
