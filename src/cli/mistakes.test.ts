import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../catalogue/index.ts";
import { declaration, folders, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const program = fileURLToPath(new URL("../../bin/sextant.js", import.meta.url));
const folderOf = folders();
const locked = `${declaration}code: [{ folder: ., lockfiles: [uv.lock] }]\n`;
const project = () => folderOf({ ...tinyProject({ rows: 60 }), "sextant.yaml": locked, "uv.lock": "" });

/** Assessed with one small control. Tests that change it make their own. */
let assessed: string;
const assessedProject = async () => {
  const folder = await project();
  expect((await sextant("assess", folder, "--only", "weak-algorithm/size")).err).toBe("");
  return folder;
};
beforeAll(async () => {
  assessed = await assessedProject();
});

describe("output that cannot be written", () => {
  const hasFull = existsSync("/dev/full");
  const run = (args: readonly string[], stdio: ("pipe" | number)[]) =>
    spawnSync(process.execPath, [program, ...args], { stdio: ["ignore", ...stdio], encoding: "utf8" });

  it.skipIf(!hasFull)("is one Problem on stderr and exit code 2, no stack trace", () => {
    const { status, stderr } = run(["report", assessed, "--format", "json"], [openSync("/dev/full", "w"), "pipe"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^stdout {2}FILES_REFUSED\n {2}.*ENOSPC.*\n {2}Make room.*\n$/);
  });

  it.skipIf(!hasFull)("is exit code 2 where even the Problem cannot be shown", () => {
    expect(run(["asess"], ["pipe", openSync("/dev/full", "w")]).status).toBe(2);
  });
});

describe("report -o", () => {
  const files = [
    "train.csv",
    "test.csv",
    "tiny.onnx",
    "uv.lock",
    "sextant.yaml",
    ".sextant/index.db",
    ".sextant/evidence/new.json",
    ".sextant/x",
  ];

  it.each(files)("never replaces %s: neither by its name nor through a link", async (name) => {
    const path = join(assessed, name);
    const alias = join(await folderOf({}), "alias");
    symlinkSync(assessed, alias);
    const before = existsSync(path) ? readFileSync(path) : null;
    const links = before === null || name.startsWith(".sextant") ? [] : [join(assessed, "link"), join(assessed, "hard")];
    if (links.length > 0) symlinkSync(path, join(assessed, "link"));
    if (links.length > 0) linkSync(path, join(assessed, "hard"));
    for (const output of [path, join(alias, name), ...links]) {
      expect(await sextant("report", assessed, "-o", output)).toMatchObject({ code: 2, err: expect.stringContaining("OUTPUT_PROTECTED") });
    }
    for (const link of links) rmSync(link);
    expect(existsSync(path) ? readFileSync(path) : null).toEqual(before);
  });

  it("makes no folder for a misspelt path, and writes where it may", async () => {
    const nowhere = join(assessed, "nowhere");
    expect(await sextant("report", assessed, "-o", join(nowhere, "x.html"))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nowhere\/x\.html {2}FILES_REFUSED\n.*no such folder/),
    });
    expect(existsSync(nowhere)).toBe(false);
    for (const name of [".sextant/report.json", "report.txt", "report.txt"]) {
      expect((await sextant("report", assessed, "-o", join(assessed, name))).code).toBe(0);
      expect(readFileSync(join(assessed, name), "utf8")).toContain("Tiny credit");
    }
  });
});

describe("a place that cannot be written or read", () => {
  it("is named as itself, with what to do: a folder in the report's place", async () => {
    const folder = await assessedProject();
    rmSync(join(folder, ".sextant/report.html"));
    mkdirSync(join(folder, ".sextant/report.html"));
    const { code, err } = await sextant("assess", folder, "--only", "weak-algorithm/size");
    expect(code).toBe(2);
    expect(err).toMatch(/\.sextant\/report\.html {2}FILES_REFUSED\n.*EISDIR.*\n {2}Move the folder away/);
    expect(err).not.toContain(".tmp");
  });

  it("is the index, where another program holds it", async () => {
    const folder = await assessedProject();
    const other = new DatabaseSync(join(folder, ".sextant/index.db"));
    other.exec("BEGIN IMMEDIATE");
    const { code, err } = await sextant("report", folder);
    other.close();
    expect(code).toBe(2);
    expect(err).toMatch(/\.sextant\/index\.db {2}FILES_REFUSED\n.*SQLITE_BUSY.*\n {2}Close the program/);
  });

  /** Root may do everything: rights are tried as somebody else. */
  const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const asSomebody = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, ...args], { ...somebody, cwd: "/", encoding: "utf8", env: { PATH: process.env.PATH } });
  const canTry = process.platform !== "win32" && asSomebody("--version").status === 0;
  const readOnly = (folder: string) => {
    for (const each of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      chmodSync(join(each.parentPath, each.name), each.isDirectory() ? 0o555 : 0o444);
    }
    chmodSync(folder, 0o555);
  };
  const writable = (folder: string) => {
    chmodSync(folder, 0o755);
    for (const each of readdirSync(folder, { withFileTypes: true })) if (each.isDirectory()) writable(join(folder, each.name));
  };

  it.skipIf(!canTry)("is the file that init would write", async () => {
    const { "sextant.yaml": _, ...files } = tinyProject({ rows: 60 });
    const folder = await folderOf(files);
    readOnly(folder);
    const { status, stderr } = asSomebody("init", folder);
    writable(folder);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/sextant\.yaml {2}FILES_REFUSED\n.*EACCES.*\n {2}Give yourself the right/)]);
    expect(stderr).not.toContain(".tmp");
  });

  it.skipIf(!canTry)("is a table that may not be read", async () => {
    const folder = await project();
    chmodSync(folder, 0o777);
    chmodSync(join(folder, "train.csv"), 0o000);
    const { status, stderr } = asSomebody("assess", folder);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/train\.csv .*FILES_REFUSED\n.*EACCES.*\n {2}Give yourself the right/)]);
  });

  it.skipIf(!canTry)("keeps --plan from nothing: what is known is known, and nothing is written", async () => {
    for (const [folder, does] of [[await project(), "measure"] as const, [await assessedProject(), "reuse"] as const]) {
      readOnly(folder);
      const { status, stdout, stderr } = asSomebody("assess", folder, "--plan", "--only", "weak-algorithm/size", "--format", "json");
      writable(folder);
      expect([status, stderr]).toEqual([0, ""]);
      expect((JSON.parse(stdout) as { tasks: { does: string }[] }).tasks.map((task) => task.does)).toEqual([does]);
    }
  });
});

describe("a project that was never assessed", () => {
  it("gets no state from report, doctor and --plan", async () => {
    const folder = await project();
    expect(await sextant("report", folder)).toMatchObject({ code: 2, err: expect.stringContaining("ASSESSMENT_MISSING") });
    expect(await sextant("doctor", folder, "--rebuild")).toMatchObject({ code: 0, out: expect.stringContaining("0 measurements") });
    expect((await sextant("assess", folder, "--plan")).code).toBe(0);
    expect(readdirSync(folder)).not.toContain(".sextant");
  });

  it("and has evidence from elsewhere gets an index, and what keeps it out of git", async () => {
    const folder = await project();
    mkdirSync(join(folder, ".sextant/evidence"), { recursive: true });
    await sextant("report", folder);
    expect(readFileSync(join(folder, ".sextant/.gitignore"), "utf8")).toContain("index.db");
  });
});

describe("damaged evidence", () => {
  it("is left out by doctor --rebuild, as its Problem says, and then measured again", async () => {
    const folder = await assessedProject();
    const evidence = join(folder, ".sextant/evidence");
    const size = readdirSync(evidence).find((name) => readFileSync(join(evidence, name), "utf8").includes("sextant/measurement@1"));
    writeFileSync(join(evidence, size ?? ""), "{}");
    const only = ["--only", "weak-algorithm/size"];
    expect(await sextant("assess", folder, ...only)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/EVIDENCE_ALTERED[\s\S]*doctor --rebuild/),
    });
    expect(await sextant("doctor", folder, "--rebuild")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/0 measurements and 1 assessment from[^\n]*\nLeft out 1 file:/),
    });
    expect(await sextant("assess", folder, ...only)).toMatchObject({ code: 4, err: "" });
    expect((await sextant("report", folder)).code).toBe(0);
  });
});

describe("a selection", () => {
  const claimsOf = async (...args: readonly string[]) => {
    const { out, err } = await sextant("assess", assessed, "--plan", "--format", "json", ...args);
    expect(err).toBe("");
    return (JSON.parse(out) as { tasks: { claim: string }[] }).tasks.map(({ claim }) => claim);
  };
  const refused = async (args: readonly string[], said: RegExp) => {
    const { code, out, err } = await sextant("assess", assessed, ...args);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(said)]);
    expect(err).toContain("COMMAND_UNKNOWN");
  };

  it("takes each stage by its id, its title and the matrix's short word", async () => {
    const byId = await claimsOf("--stage", "model-design");
    expect(byId).toContain("weak-algorithm/size");
    for (const name of ["Design", "design", "Model design"]) expect(await claimsOf("--stage", name)).toEqual(byId);
    for (const { id, short } of catalogue.stages) expect(await claimsOf("--stage", short), short).toEqual(await claimsOf("--stage", id));
  });

  it("names the stages where one is misspelt, and in --help", async () => {
    await refused(["--stage", "model-desing"], /Did you mean model-design\?/);
    const help = (await sextant("assess", "--help")).out.replaceAll(/\s+/g, " ");
    const ids = catalogue.stages.map(({ id }) => id).join(", ");
    expect(help).toContain(ids);
    await refused(["--stage", "everything else"], new RegExp(`no stage is called that\n.*The stages are ${ids}`));
  });

  it("knows what is meant by the last part of an id", async () => {
    await refused(["--only", "calibration"], /no claim, threat.*is called that\n.*Did you mean weak-algorithm\/calibration\?/);
    await refused(["--only", "calibraton"], /Did you mean weak-algorithm\/calibration\?/);
  });

  it("that holds nothing is refused: it would silently measure nothing", async () => {
    await refused(["--only", "weak-algorithm/size", "--stage", "operation"], /nothing that --only names serves[^\n]*operation/);
  });

  it.each(["1e3", "0x10", "1.0", "-1", "+1", " 1", "", "9007199254740993"])(
    "a seed of %j is no seed: decimal digits alone",
    async (seed) => {
      await refused([`--seed=${seed}`], /--seed/);
    },
  );
});

describe("explain", () => {
  it("lists the cells and requirements of a stage", async () => {
    for (const { id } of catalogue.stages) {
      const { out } = await sextant("explain", id);
      for (const { threat, stage } of catalogue.cells) expect(out.includes(`  ${threat}/${stage}: `)).toBe(stage === id);
      for (const requirement of catalogue.requirements) expect(out.includes(`  ${requirement.id} (`)).toBe(requirement.stage === id);
    }
  });
});

describe("a command line that is misspelt", () => {
  it.each([
    [["help", "asess"], "unknown command 'asess'", "Did you mean `sextant assess`?"],
    [["help", "cooking"], "unknown command 'cooking'", "`sextant --help` lists commands and options."],
    [["assess", "--budgt", "quick"], "unknown option '--budgt'", "Did you mean `--budget`?"],
    [["report", "--format", "pdf"], "argument 'pdf' is invalid", "`sextant report --help` lists commands and options."],
  ])("%j is told what was meant, or which help lists it", async (args, says, remedy) => {
    const { code, out, err } = await sextant(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(says);
    expect(err).toContain(remedy);
  });
});

describe("a table in a format that is not read", () => {
  it.each([
    ["bank.xlsx", /Save the sheet as CSV/],
    ["bank.csv.zip", /Unpack it/],
    ["survey.dta", /as CSV or Parquet/],
  ])("%s is told what to write instead, and is no broken declaration", async (name, remedy) => {
    const folder = await folderOf({ [name]: "PK\u0003\u0004" });
    expect(await sextant("assess", join(folder, name), "--label", "truth")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(new RegExp(`TABLE_FORMAT\n.*\n.*${remedy.source}`)),
    });
    expect(readdirSync(folder)).toEqual([name]);
  });

  it("is named by init where there is nothing else", async () => {
    const folder = await folderOf({ "bank.xlsx": "PK" });
    expect((await sextant("init", folder)).err).toContain("“bank.xlsx”: Save the sheet as CSV");
  });
});
