import type { Assessment, Outcome, Result } from "../assess/index.ts";
import { oneLine } from "./terminal.ts";
import { isMeasured, marks } from "./words.ts";

/**
 * JUnit XML as Jenkins reads it: a suite for each threat's claims, a case for each control and subject. Met passes, unmet fails, an error is an error; what is
 * undecided, unassessed or inapplicable is skipped, with a message that says which.
 */
export function renderJunit({ system, results, cells, finishedAt, exit }: Assessment): string {
  const suites = [...Map.groupBy(results, ({ claim }) => claim.split("/")[0] ?? claim)];
  const without = new Set(cells.flatMap(({ claims }) => claims.filter(({ control }) => control === null).map(({ id }) => id)));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: system.name, time: secondsOf(results), ...countsOf(results) })}>`,
    ...suites.flatMap(([name, cases]) => [
      `  <testsuite${attributes({ name, ...countsOf(cases), skipped: skippedIn(cases), time: secondsOf(cases), timestamp: finishedAt.slice(0, 19) })}>`,
      "    <properties>",
      `      <property${attributes({ name: "exit", value: `${exit.code}: ${exit.why}` })}/>`,
      `      <property${attributes({ name: "claims that no control measures yet", value: String(without.size) })}/>`,
      "    </properties>",
      ...cases.flatMap(caseOf),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf(result: Result): string[] {
  const { claim, subject, verdict, reason, remedy, milliseconds } = result;
  const names = {
    name: `${claim}: ${subject}`,
    classname: `sextant.${claim.replaceAll(".", "-").replaceAll("/", ".")}`,
    time: seconds(milliseconds),
  };
  if (verdict === "met") return [`    <testcase${attributes(names)}/>`];
  const message = verdict === "unmet" || verdict === "errored" ? reason : `${marks[verdict].word}: ${reason}`;
  const text = [reason, remedy ?? ""].filter(Boolean).map(escaped).join("\n");
  const tag = tags[verdict];
  return [
    `    <testcase${attributes(names)}>`,
    `      <${tag}${attributes({ type: verdict, message })}>${text}</${tag}>`,
    "    </testcase>",
  ];
}

const tags: Readonly<Record<Exclude<Outcome, "met">, "failure" | "error" | "skipped">> = {
  unmet: "failure",
  errored: "error",
  undecided: "skipped",
  unassessed: "skipped",
  inapplicable: "skipped",
};

const countsOf = (results: readonly Result[]) => ({
  tests: String(results.length),
  failures: String(results.filter(({ verdict }) => verdict === "unmet").length),
  errors: String(results.filter(({ verdict }) => verdict === "errored").length),
});

const skippedIn = (results: readonly Result[]) =>
  String(
    results.filter((result) => (isMeasured(result) ? result.verdict !== "met" && result.verdict !== "unmet" : result.verdict !== "errored"))
      .length,
  );

/** As the schema wants a time: no sign, no exponent. An assessment from elsewhere may hold any number. */
const seconds = (milliseconds: number): string => (Math.min(Math.max(milliseconds, 0), 1e12) / 1000).toFixed(3);
const secondsOf = (results: readonly Result[]) => seconds(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0));

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Control characters are written out, so that what is left may stand in XML 1.0, save for two that no character is. */
const escaped = (text: string): string =>
  oneLine(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (char) => entities[char] ?? char);
