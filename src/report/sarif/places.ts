import { posix } from "node:path";
import type { Artefact, Assessment, Declared, Result } from "../../assess/index.ts";
import { said } from "./text.ts";

type Finding = Result["findings"][number];

/** More places than these make a result unreadable; the table of findings (`--format csv`) has them all. */
const mostRelated = 100;

/** Where things stand, as SARIF says it: paths from the folder of sextant.yaml, or from one above it by `prefix`. */
export function placesOf({ declaration = "sextant.yaml", artefacts }: Assessment, prefix: string) {
  const files = [{ path: declaration }, ...artefacts.filter((artefact) => artefact.path !== undefined)];
  const indices = new Map(files.map((file, at) => ["id" in file ? file.id : "", at]));
  const artefactLocation = (id: string) => {
    const index = indices.get(id);
    const path = index === undefined ? undefined : files[index]?.path;
    return path === undefined ? undefined : { uri: uriOf(posix.join(prefix, path)), uriBaseId: "%SRCROOT%", index };
  };
  return {
    artifacts: files.map((file) => artifactOf(file, artefactLocation("id" in file ? file.id : ""))),
    location: (declared: Declared | undefined) => ({
      physicalLocation: { artifactLocation: artefactLocation(""), ...regionOf(declared) },
    }),
    related: (findings: readonly Finding[]) =>
      findings.slice(0, mostRelated).map((finding) => relatedOf(finding, artefactLocation(finding.artefact))),
  };
}

function artifactOf(file: Artefact | { readonly path: string }, location: object | undefined) {
  if (!("id" in file)) return { location, roles: ["analysisTarget"], description: { text: "The declaration." } };
  const { id, about, digest } = file;
  return {
    location,
    roles: ["analysisTarget"],
    description: { text: said(`${id}: ${about}`) },
    hashes: { "sha-256": digest.slice("sha256:".length) },
  };
}

const regionOf = (declared: Declared | undefined) =>
  declared === undefined ? {} : { region: { startLine: declared.line, startColumn: declared.column } };

/** A row is no line: a header, blank lines and breaks inside quotes come between. So it is named, and no line is claimed. */
function relatedOf({ artefact, row, column, place, probability, reason }: Finding, artifactLocation: object | undefined) {
  const parts = [row === undefined ? "" : `row ${row} (from 0)`, column === undefined ? "" : `column ${column}`, place ?? ""].filter(
    Boolean,
  );
  return {
    message: { text: said(reason) },
    ...(artifactLocation === undefined ? {} : { physicalLocation: { artifactLocation } }),
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
