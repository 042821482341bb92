import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson, digestOf } from "../../base/index.ts";
import { folders, tinyProject } from "../testing/project.ts";
import { sextant } from "../testing/run.ts";
import type { Check } from "./check.ts";
import { checksOf } from "./checks.ts";
import { endOf, type Lives, lives } from "./end-of-life.ts";
import { checksText } from "./render.ts";
import type { Surroundings } from "./surroundings.ts";

const gibibyte = 2 ** 30;
const state = {
  canWrite: true,
  othersWrite: false,
  evidenceFiles: 12,
  index: { unknown: 0, gone: 0 },
  cacheFiles: 3,
  cacheBytes: 2 ** 20,
  running: [] as readonly number[],
  left: 0,
};
const folder = { what: "the folder", path: "/home/ada/credit", freeBytes: 50 * gibibyte, canWrite: true };
const temporary = { what: "the temporary folder", path: "/tmp", freeBytes: 50 * gibibyte, canWrite: true };
const packages = ["@duckdb/node-api", "onnxruntime-node", "sharp"].map((name) => ({
  name,
  version: "1.2.3",
  problem: null as string | null,
}));

/** A machine on which all is well. */
const fine = {
  now: "2026-06-01T12:00:00.000Z",
  platform: "linux-x64",
  node: { version: "24.1.0", permissionModel: true },
  system: { id: "debian", version: "12", name: "Debian GNU/Linux 12 (bookworm)" },
  python: "3.12.4",
  prlimit: true,
  packages,
  memory: { totalBytes: 16 * gibibyte, freeBytes: 8 * gibibyte },
  cores: 4,
  folders: [folder, temporary],
  environment: {},
  terminal: { isTerminal: true, columns: 100, colour: true },
  project: { kind: "project", name: "Credit", health: { state }, warnings: [] },
} satisfies Surroundings;

const broken = (name: string) =>
  packages.map((each) => (each.name === name ? { ...each, version: null, problem: "wrong ELF class" } : each));
const withState = (changed: Partial<typeof state> | { index: null }): Partial<Surroundings> => ({
  project: { kind: "project", name: "Credit", health: { state: { ...state, ...changed } }, warnings: [] },
});
const limits = "SEXTANT_MEMORY_MIB";

describe("what the doctor says of a machine", () => {
  it("is that all is well where it is", () => {
    expect(checksOf(fine).filter((check) => check.state !== "ok")).toEqual([]);
  });

  it.each<[id: string, becomes: Check["state"], where: Partial<Surroundings>, says: RegExp]>([
    ["node", "cannot", { node: { version: "22.9.0", permissionModel: true } }, /too old.*nothing runs/s],
    [
      "node",
      "warning",
      { node: { version: "25.1.0", permissionModel: true }, now: "2026-06-02T00:00:00.000Z" },
      /end of life \(2026-06-01\)/,
    ],
    ["python", "warning", { python: "3.9.18" }, /past its end of life \(2025-10-31\).*devguide/s],
    ["system", "warning", { system: { id: "debian", version: "10", name: "Debian 10" } }, /2024-06-30/],
    ["table", "warning", { now: "2027-09-01T00:00:00.000Z", python: "3.13.0" }, /this table is old/],
    ["@duckdb/node-api", "cannot", { packages: broken("@duckdb/node-api") }, /wrong ELF class.*Tables/s],
    ["onnxruntime-node", "cannot", { packages: broken("onnxruntime-node") }, /ONNX models cannot be run/],
    ["sharp", "cannot", { packages: broken("sharp") }, /Pictures .* cannot be decoded/],
    ["memory", "warning", { memory: { totalBytes: 16 * gibibyte, freeBytes: gibibyte / 2 } }, /CHILD_DIED/],
    ["memory", "warning", { memory: { totalBytes: 2 * gibibyte, freeBytes: 1.5 * gibibyte } }, /SEXTANT_MEMORY_MIB to at most 2048/],
    ["folder", "cannot", { folders: [{ ...folder, canWrite: false }, temporary] }, /may not be written/],
    ["folder", "cannot", { folders: [{ ...folder, freeBytes: 50 * 2 ** 20 }, temporary] }, /Not even evidence/],
    ["temporary-folder", "warning", { folders: [folder, { ...temporary, freeBytes: gibibyte / 2 }] }, /spill to disk.*TMPDIR/s],
    ["temporary-folder", "cannot", { folders: [folder, { ...temporary, canWrite: false }] }, /TMPDIR/],
    ["prlimit", "warning", { prlimit: false }, /watchdog alone.*util-linux/s],
    ["permission", "cannot", { node: { version: "24.1.0", permissionModel: false } }, /own controls cannot be confined/],
    ["limits", "cannot", { environment: { [limits]: "lots of secret" } }, /whole number above 0/],
    [
      "project",
      "cannot",
      {
        project: {
          kind: "wrong",
          problems: [{ code: "DECLARATION_KEY_UNKNOWN", message: "no key", remedy: "Delete the key.", file: "sextant.yaml", line: 3 }],
        },
      },
      /sextant\.yaml:3.*no key.*Delete the key/s,
    ],
    ["state", "cannot", withState({ canWrite: false }), /cannot keep what it measures/],
    ["rights", "warning", withState({ othersWrite: true }), /chmod -R go-w/],
    ["index", "warning", withState({ index: null }), /no index that can be used.*--rebuild/s],
    ["index", "warning", withState({ index: { unknown: 2, gone: 1 } }), /does not know 2 of them and knows 1 that are gone.*--rebuild/s],
    ["runs", "warning", withState({ running: [4711] }), /process 4711/],
  ])("%s becomes a %s, says what that means, and how to mend it", (id, becomes, where, says) => {
    const checks = checksOf({ ...fine, ...where });
    const check = checks.find((each) => each.id === id);
    expect(check?.state).toBe(becomes);
    expect(`${check?.what} ${check?.means} ${check?.fix}`).toMatch(says);
    expect(check?.means?.length).toBeGreaterThan(10);
    expect(check?.fix?.length).toBeGreaterThan(10);
    expect(JSON.stringify(checks)).not.toContain("secret");
  });

  it("is no complaint where there is nothing to complain of: no Linux, no Python, no project, no state", () => {
    const bare = {
      ...fine,
      platform: "darwin-arm64",
      system: null,
      python: null,
      prlimit: false,
      project: { kind: "none", folder: "/tmp/x" },
    } as const;
    expect(checksOf(bare).filter((check) => check.state !== "ok")).toEqual([]);
    expect(checksOf({ ...fine, project: { kind: "project", name: "Credit", health: { state: null }, warnings: [] } }).at(-1)?.what).toMatch(
      /never assessed/,
    );
  });

  it("names a variable that it does not know, and never its value", () => {
    const text = JSON.stringify(checksOf({ ...fine, environment: { SEXTANT_TOKEN: "hunter2" } }));
    expect(text).toContain("SEXTANT_TOKEN");
    expect(text).not.toContain("hunter2");
  });
});

describe("the table of ends of life", () => {
  it("holds days that exist, and a source for each product", () => {
    for (const { source, ends } of Object.values(lives.products)) {
      expect(source).toMatch(/^https:\/\//);
      for (const day of Object.values(ends)) expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
    }
    expect(Date.parse(lives.asOf)).not.toBeNaN();
  });

  it("knows 3.10 from 3.1, a point release by its line, and says nothing of what it does not hold", () => {
    expect(endOf("python", "3.10.2", lives)).toBe("2026-10-31");
    expect(endOf("python", "3.1.2", lives)).toBeNull();
    expect(endOf("alpine", "3.20.9", lives)).toBe("2026-04-01");
    expect(endOf("ubuntu", "25.10", lives)).toBe("2026-07-01");
    expect(endOf("node", "v24.3.1", lives)).toBe("2028-04-30");
    expect(endOf("plan9", "4", lives)).toBeNull();
  });

  it("takes any text for a version, and any name for a product", () => {
    const table: Lives = { asOf: "2026-01-01", products: { node: lives.products.node ?? { title: "", source: "", remedy: "", ends: {} } } };
    fc.assert(
      fc.property(fc.string(), fc.string(), (product, version) => {
        const end = endOf(product, version, table);
        return end === null || /^\d{4}-\d\d-\d\d$/.test(end);
      }),
    );
  });
});

describe("the text of the doctor", () => {
  it("keeps to its columns, and counts what is not well", () => {
    const checks = checksOf({ ...fine, python: "3.9.18", packages: broken("sharp") });
    const text = checksText(checks, { colour: false, columns: 60 });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(text).toMatch(/✕ sharp does not load: wrong ELF class/);
    expect(text).toMatch(/1 of \d+ cannot work, 1 to look at\.$/);
    expect(checksText(checksOf(fine), { colour: false, columns: 100 })).toMatch(/All \d+ are well\.$/);
    expect(checksText(checksOf({ ...fine, python: "3.9.18" }), { colour: false, columns: 100 })).toMatch(
      /All works; 1 of \d+ to look at\.$/,
    );
  });
});

const folderOf = folders();
interface Said {
  readonly schema: string;
  readonly checks: readonly Check[];
}
const stateOf = async (dir: string, id: string) => {
  const { out } = await sextant("doctor", dir, "--format", "json");
  return (JSON.parse(out) as Said).checks.find((check) => check.id === id);
};

describe("sextant doctor on this machine", () => {
  const empty = mkdtempSync(join(tmpdir(), "sextant-doctor-"));
  afterAll(() => rmSync(empty, { recursive: true, force: true }));

  it("works without a project, loads what is installed, and writes nothing", async () => {
    const { code, out, err } = await sextant("doctor", empty);
    expect([code, err]).toEqual([0, ""]);
    for (const { name } of packages) expect(out).toMatch(new RegExp(`✓ ${name} \\d+\\.\\d+\\.\\d+\\S* loads`));
    expect(out).toContain("only the machine was looked at");
    expect(readdirSync(empty)).toEqual([]);
  });

  it("looks at a project before, and after it was assessed", async () => {
    const dir = await folderOf(tinyProject({ rows: 60 }));
    expect(await stateOf(dir, "state")).toMatchObject({ state: "ok", what: expect.stringContaining("never assessed") });
    expect(readdirSync(dir)).not.toContain(".sextant");
    await sextant("assess", dir, "--only", "weak-algorithm/size");
    const { code, out } = await sextant("doctor", dir, "--format", "json");
    expect([code, (JSON.parse(out) as Said).schema]).toEqual([0, "sextant/doctor@1"]);
    expect(await stateOf(dir, "index")).toMatchObject({ state: "ok", what: "2 evidence files, and the index knows them all" });
    await writeEvidence(dir);
    expect(await stateOf(dir, "index")).toMatchObject({ state: "warning", what: expect.stringContaining("does not know 1") });
    rmSync(join(dir, ".sextant/index.db"));
    expect(await stateOf(dir, "index")).toMatchObject({ state: "warning", what: expect.stringContaining("no index") });
    expect(readdirSync(join(dir, ".sextant"))).not.toContain("index.db");
    chmodSync(join(dir, ".sextant"), 0o777);
    expect(await stateOf(dir, "rights")).toMatchObject({ state: "warning" });
  });

  const writeEvidence = async (dir: string) => {
    const text = canonicalJson({ schema: "somebody else's" });
    writeFileSync(join(dir, ".sextant/evidence", `${digestOf(text).slice(7)}.json`), text);
  };

  it("tells a run that is going on from one that died", async () => {
    const dir = await folderOf(tinyProject({ rows: 60 }));
    for (const name of [`${process.pid}-0a1b`, "999999999-0a1b"]) mkdirSync(join(dir, ".sextant/spill", name), { recursive: true });
    expect(await stateOf(dir, "runs")).toMatchObject({ what: expect.stringContaining(String(process.pid)) });
    expect(await stateOf(dir, "spills")).toMatchObject({ what: expect.stringContaining("1 folder of dead runs") });
  });

  it("names what is wrong in a declaration and in a state that is a link, and exits 2", async () => {
    const wrong = await folderOf({ "sextant.yaml": "version: 1\nsystme: {}\n" });
    expect(await sextant("doctor", wrong)).toMatchObject({ code: 2, out: expect.stringContaining("DECLARATION_KEY_UNKNOWN") });
    const linked = await folderOf(tinyProject({ rows: 60 }));
    symlinkSync(empty, join(linked, ".sextant"));
    expect(await sextant("doctor", linked)).toMatchObject({ code: 2, out: expect.stringContaining("STATE_INVALID") });
    expect(readdirSync(empty)).toEqual([]);
  });

  it("refuses a folder that does not exist, and options that it does not have", async () => {
    expect(await sextant("doctor", join(empty, "nowhere"))).toMatchObject({ code: 2, err: expect.stringContaining("FILES_REFUSED") });
    expect(await sextant("doctor", empty, "--format", "xml")).toMatchObject({ code: 2, err: expect.stringContaining("COMMAND_UNKNOWN") });
  });
});

it("a project whose endpoint is sent credentials in the clear is told so, and nothing is refused for it", () => {
  const warnings = [
    { code: "ENDPOINT_UNENCRYPTED" as const, message: "sent over http://", remedy: "Use https://.", file: "sextant.yaml", line: 5 },
  ];
  const checks = checksOf({ ...fine, project: { kind: "project", name: "Credit", health: { state: null }, warnings } });
  expect(checks.find(({ id }) => id === "endpoint")).toMatchObject({
    state: "warning",
    what: "sextant.yaml:5 ENDPOINT_UNENCRYPTED: sent over http://",
    fix: "Use https://.",
  });
});
