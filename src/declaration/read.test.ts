import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { problemsOf } from "../base/index.ts";
import { parseDeclaration, readDeclaration } from "./read.ts";
import { brief, problemsFrom, project } from "./testing/project.ts";

const everything = readFileSync(new URL("../../vectors/declaration/everything.yaml", import.meta.url), "utf8");
const start = "version: 1\nsystem: { name: A }\n";

/** What is wrong with a text, as `line:column CODE`. */
async function wrongIn(text: string): Promise<string[]> {
  const root = project({ "sextant.yaml": text, "data/train.csv": "a,b\n1,2\n", "models/net.onnx": "x" });
  return brief(await problemsFrom(() => readDeclaration(root))).map((each) => each.replace(root, ""));
}

describe("a declaration", () => {
  test("may use every key of the schema", () => {
    const { declaration } = parseDeclaration(everything, "sextant.yaml");
    expect(declaration.problems).toEqual([]);
    expect(declaration.value?.datasets?.[0]?.population).toEqual({ sex: { Female: 0.5, Male: 0.5 }, age: { 17: 0.1 } });
    expect(declaration.value?.models?.[1]).toEqual({ id: "net", file: "models/net.onnx", base: "none", classes: [0, 1] });
  });

  test("needs a version and a name alone", async () => {
    const root = project({ "sextant.yaml": start });
    const read = await readDeclaration(root);
    expect(read.declaration).toEqual({ version: 1, system: { name: "A" } });
    expect(read.root).toBe(root);
    expect(await readDeclaration(join(root, "sextant.yaml")).then(({ declaration }) => declaration)).toEqual(read.declaration);
  });

  test("may declare a generative component, whatever its kind is called", () => {
    const text = `${start}components: [{ id: writer, kind: generative }, { id: other, kind: something new }]\n`;
    expect(parseDeclaration(text, "sextant.yaml").declaration.problems).toEqual([]);
  });

  test("may begin with a byte order mark and end its lines in CR LF", async () => {
    const root = project({ "sextant.yaml": `\ufeff${start.replaceAll("\n", "\r\n")}` });
    expect((await readDeclaration(root)).declaration.system.name).toBe("A");
  });

  test("says where each value stands", async () => {
    const text = `${start}datasets:\n  - id: d\n    splits:\n      train: data/train.csv\n    sensitive: [a, b]\n`;
    const { place } = await readDeclaration(project({ "sextant.yaml": text, "data/train.csv": "a,b\n1,2\n" }));
    const at = (...path: (string | number)[]) => {
      const { line, column } = place(path);
      return `${line}:${column}`;
    };
    expect(at("system", "name")).toBe("2:17");
    expect(at("datasets")).toBe("3:1");
    expect(at("datasets", 0)).toBe("4:5");
    expect(at("datasets", 0, "splits")).toBe("5:5");
    expect(at("datasets", 0, "splits", "train")).toBe("6:14");
    expect(at("datasets", 0, "sensitive", 1)).toBe("7:20");
    expect(at("datasets", 0, "label")).toBe("4:5");
    expect(at("models", 3, "file")).toBe("1:1");
  });
});

describe("a mistake is named with its line and column:", () => {
  const dataset = (more: string) => `${start}datasets:\n  - id: d\n    splits: { train: data/train.csv }\n${more}`;
  const model = (more: string) => `${start}models:\n  - id: m\n    file: models/net.onnx\n${more}`;
  const cases: readonly [title: string, text: string, expected: readonly string[]][] = [
    ["an empty file", "", ["1:1 DECLARATION_VALUE"]],
    ["comments alone", "# nothing\n", ["1:1 DECLARATION_VALUE"]],
    ["a list", "- a\n", ["1:1 DECLARATION_VALUE"]],
    ["a text", "hello\n", ["1:1 DECLARATION_VALUE"]],
    ["no system", "version: 1\n", ["1:1 DECLARATION_KEY_MISSING"]],
    ["another version", "version: 2\nsystem: { name: A }\n", ["1:10 DECLARATION_VALUE"]],
    ["an unknown key", `${start}  \nmodel: []\n`, ["4:1 DECLARATION_KEY_UNKNOWN"]],
    ["an unknown key inside", "version: 1\nsystem: { name: A, porpose: x }\n", ["2:20 DECLARATION_KEY_UNKNOWN"]],
    [
      "a name of an object's own",
      "version: 1\nsystem: { name: A, constructor: x, toString: y }\n",
      ["2:20 DECLARATION_KEY_UNKNOWN", "2:36 DECLARATION_KEY_UNKNOWN"],
    ],
    ["a number for a text", "version: 1\nsystem: { name: 3 }\n", ["2:17 DECLARATION_VALUE"]],
    ["an empty text", 'version: 1\nsystem: { name: "" }\n', ["2:17 DECLARATION_VALUE"]],
    ["nothing for a text", "version: 1\nsystem:\n  name:\n", ["3:8 DECLARATION_VALUE"]],
    ["yes for true", dataset("    personal: yes\n"), ["6:15 DECLARATION_VALUE"]],
    ["one column for a list", dataset("    sensitive: sex\n"), ["6:16 DECLARATION_VALUE"]],
    [
      "a metric that there is not",
      "version: 1\nsystem:\n  name: A\n  success: { metric: acuracy, target: 1 }\n",
      ["4:22 DECLARATION_VALUE"],
    ],
    ["a target that is no number", "version: 1\nsystem:\n  name: A\n  success: { metric: f1, target: .nan }\n", ["4:34 DECLARATION_VALUE"]],
    ["a negative limit", "version: 1\nsystem:\n  name: A\n  limits: { latencyMs: -1 }\n", ["4:24 DECLARATION_VALUE"]],
    ["a seed with a fraction", `${start}seed: 1.5\n`, ["3:7 DECLARATION_VALUE"]],
    ["an id that is no file name", `${start}components: [{ id: ../x, kind: rules }]\n`, ["3:20 DECLARATION_VALUE"]],
    ["two of one id", `${start}components: [{ id: x, kind: rules }, { id: x, kind: rules }]\n`, ["3:44 DECLARATION_VALUE"]],
    ["a dataset without a split", `${start}datasets: [{ id: d, splits: {} }]\n`, ["3:29 DECLARATION_VALUE"]],
    ["a dataset without splits", `${start}datasets: [{ id: d }]\n`, ["3:12 DECLARATION_KEY_MISSING"]],
    ["a split of another name", dataset("").replace("train:", "trian:"), ["5:13 DECLARATION_VALUE", "5:15 DECLARATION_KEY_UNKNOWN"]],
    ["the label as unused", dataset("    label: b\n    unused: [a, b]\n"), ["7:17 DECLARATION_VALUE"]],
    ["shares beyond one", dataset("    population: { a: { x: 0.7, y: 0.6 } }\n"), ["6:22 DECLARATION_VALUE"]],
    [
      "a limit beyond all bounds",
      `version: 1\nsystem: { name: A }\npolicy:\n  claims: { unbalanced-data/group-balance: { rows: 1e300, because: b } }\n`,
      ["4:52 DECLARATION_VALUE"],
    ],
    ["a share beyond one", dataset("    population: { a: { x: 7 } }\n"), ["6:27 DECLARATION_VALUE"]],
    ["a dataset that there is not", model("    trainedOn: [applicant]\n"), ["6:17 DECLARATION_REFERENCE"]],
    ["a service's model that there is not", `${start}services: [{ id: s, model: m }]\n`, ["3:28 DECLARATION_REFERENCE"]],
    [
      "a claim that there is not",
      `${start}policy: { claims: { algorithm-bias/parity: { gap: 1, because: x } } }\n`,
      ["3:21 DECLARATION_REFERENCE"],
    ],
    [
      "a cell that there is not",
      `${start}policy: { levels: { evasion/planning: { level: required, because: x } } }\n`,
      ["3:21 DECLARATION_REFERENCE"],
    ],
    ["a policy without a reason", `${start}policy: { claims: { weak-algorithm/size: { limit: 1 } } }\n`, ["3:42 DECLARATION_KEY_MISSING"]],
    [
      "an encoding that there is not",
      model("    encode: { a: onehot, b: { x: y } }\n"),
      ["6:18 DECLARATION_VALUE", "6:34 DECLARATION_VALUE"],
    ],
    ["a base model by somebody unknown", model("    base: { by: other }\n"), ["6:17 DECLARATION_VALUE"]],
    [
      "an address that is none",
      `${model("")}services: [{ id: s, model: m, endpoint: "javascript:alert(1)" }]\n`,
      ["6:41 DECLARATION_VALUE"],
    ],
    ["a person without a name", `${start}people: { operator: [{ email: a@example.org }] }\n`, ["3:22 DECLARATION_KEY_MISSING"]],
    ["people of no role", `${start}people: { user: [A] }\n`, ["3:11 DECLARATION_KEY_UNKNOWN"]],
    ["a missing file", dataset("").replace("train.csv", "trian.csv"), ["5:22 ARTEFACT_MISSING"]],
    ["a folder without a table", dataset("").replace("data/train.csv", "data/x.csv"), ["5:22 ARTEFACT_MISSING"]],
    ["a pattern that no file has", dataset("").replace("data/train.csv", '"data/part-*.csv"'), ["5:22 ARTEFACT_MISSING"]],
    ["a pattern upwards", dataset("").replace("data/train.csv", '"../*.csv"'), ["5:22 ARTEFACT_ESCAPES"]],
    ["an array that is a table", dataset("").replace("data/train.csv", "{ arrays: { x: data/train.csv } }"), ["5:22 DECLARATION_VALUE"]],
    ["an array upwards", dataset("").replace("data/train.csv", '{ arrays: { x: "../x.npy" } }'), ["5:22 ARTEFACT_ESCAPES"]],
    ["no array", dataset("").replace("data/train.csv", "{ arrays: {} }"), ["5:32 DECLARATION_VALUE"]],
    ["two marks alike", dataset("    read: { decimal: '.', thousands: '.' }\n"), ["6:11 DECLARATION_VALUE"]],
    ["an encoding that nobody knows", dataset("    read: { encoding: utf-9 }\n"), ["6:23 DECLARATION_VALUE"]],
    ["a delimiter of two", dataset("    read: { delimiter: ';;' }\n"), ["6:24 DECLARATION_VALUE"]],
    ["a path upwards", dataset("").replace("data/train.csv", "../train.csv"), ["5:22 ARTEFACT_ESCAPES"]],
    ["a path up and down again", dataset("").replace("data/train.csv", "data/../../train.csv"), ["5:22 ARTEFACT_ESCAPES"]],
    ["an absolute path", dataset("").replace("data/train.csv", "/data/train.csv"), ["5:22 ARTEFACT_ESCAPES"]],
    ["a path on another drive", dataset("").replace("data/train.csv", '"C:\\\\train.csv"'), ["5:22 ARTEFACT_ESCAPES"]],
    ["a table of another format", dataset("").replace("train.csv", "train.xlsx"), ["5:22 DECLARATION_VALUE"]],
    ["a pickled model", model("").replace("net.onnx", "net.pkl"), ["5:11 DECLARATION_VALUE", "5:11 ARTEFACT_MISSING"]],
    ["a missing lockfile", `${start}code: [{ folder: data, lockfiles: [uv.lock] }]\n`, ["3:36 ARTEFACT_MISSING"]],
    ["a file for a folder", `${start}code: [{ folder: data/train.csv }]\n`, ["3:18 ARTEFACT_MISSING"]],
    ["a tab", "version: 1\nsystem:\n\tname: A\n", ["3:1 DECLARATION_SYNTAX"]],
    ["a bracket never closed", "version: 1\nsystem: { name: A\n", ["3:1 DECLARATION_SYNTAX"]],
    ["a quotation mark never closed", 'version: 1\nsystem: { name: "A }\n', ["3:1 DECLARATION_SYNTAX"]],
    ["indentation that fits nothing", "version: 1\nsystem:\n    name: A\n  role: b\n", ["4:1 DECLARATION_SYNTAX"]],
    ["the same key twice", "version: 1\nsystem: { name: A }\nversion: 1\n", ["3:1 DECLARATION_KEY_TWICE"]],
    ["the same key twice, quoted", 'version: 1\nsystem: { name: A, "name": B }\n', ["2:20 DECLARATION_KEY_TWICE"]],
    ["two documents", `${start}---\n${start}`, ["3:1 DECLARATION_SYNTAX"]],
    [
      "an anchor and its alias",
      "version: 1\nsystem:\n  name: &a A\n  role: *a\n",
      ["3:12 DECLARATION_YAML_FEATURE", "4:9 DECLARATION_YAML_FEATURE"],
    ],
    ["an alias of nothing", "version: 1\nsystem: { name: *a }\n", ["2:17 DECLARATION_YAML_FEATURE"]],
    ["a merge key", "version: 1\nsystem:\n  name: A\n  <<: { role: b }\n", ["4:3 DECLARATION_YAML_FEATURE"]],
    ["a tag", "version: 1\nsystem: { name: !!binary QQ== }\n", ["2:26 DECLARATION_YAML_FEATURE"]],
    ["a tag of JavaScript", "version: 1\nsystem: { name: !!js/function 'x' }\n", ["2:17 DECLARATION_YAML_FEATURE"]],
    ["the prototype as a key", "version: 1\nsystem: { name: A, __proto__: { role: b } }\n", ["2:20 DECLARATION_YAML_FEATURE"]],
    ["a list as a key", "version: 1\nsystem: { name: A, [a]: b }\n", ["2:20 DECLARATION_SYNTAX"]],
    ["a control character", "version: 1\nsystem: { name: \u001b[31mA }\n", ["2:17 DECLARATION_UNREADABLE"]],
    ["two mistakes", "version: 1\nsystem: { name: 3, rolle: x }\n", ["2:17 DECLARATION_VALUE", "2:20 DECLARATION_KEY_UNKNOWN"]],
  ];
  test.each(cases)("%s", async (_, text, expected) => {
    expect((await wrongIn(text)).toSorted()).toEqual([...expected].toSorted());
  });

  test("every problem says what to do, and prints nothing that a terminal would run", async () => {
    for (const [, text] of cases) {
      const root = project({ "sextant.yaml": text });
      for (const { message, remedy } of await problemsFrom(() => readDeclaration(root))) {
        expect(remedy).toMatch(/\S/);
        expect(`${message} ${remedy}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }
    }
  });

  test.each([
    ["version: 1\nsystem: { nam: A, name: B }\n", "Did you mean name?"],
    ["version: 1\nsystem: { name: A, affects: { whom: poeple } }\n", "Did you mean people?"],
    [
      model("    trainedOn: [d]\n").replace("models:", "datasets: [{ id: dd, splits: { train: data/train.csv } }]\nmodels:"),
      "Did you mean “dd”?",
    ],
    [
      `${start}policy: { claims: { algorithm-bias/equal-oportunity: { because: x } } }\n`,
      "Did you mean “algorithm-bias/equal-opportunity”?",
    ],
    [dataset("").replace("train.csv", "trian.csv"), "Did you mean “data/train.csv”?"],
    [dataset("    personal: yes\n"), "Write true or false, without quotes."],
    [`${start}sensitive: [sex]\n`, "It belongs in an item of datasets: check how far it is indented."],
    ["version: 1\nsystem:\n  name: A\n  policy: {}\n", "It belongs in the file: check how far it is indented."],
    ["system: { name: A }\n", "Add it: `version: 1`. The version of this format: 1."],
    ["version: 1\nsystem: { name: 3 }\n", 'Put it in quotes: `"3"`.'],
  ])("a slip gets a hint: %j", async (text, remedy) => {
    const root = project({ "sextant.yaml": text, "data/train.csv": "a\n1\n", "models/net.onnx": "x" });
    expect((await problemsFrom(() => readDeclaration(root))).map((problem) => problem.remedy)).toContain(remedy);
  });
});

describe("the file", () => {
  test("that is not there is told apart from one of another name", async () => {
    const [problem] = await problemsFrom(() => readDeclaration(project({})));
    expect(problem?.code).toBe("DECLARATION_MISSING");
    expect(problem?.remedy).toContain("sextant init");
    const [near] = await problemsFrom(() => readDeclaration(project({ "sextant.yml": start })));
    expect(near?.remedy).toBe("There is “sextant.yml”: rename it to sextant.yaml.");
    const [named] = await problemsFrom(() => readDeclaration(join(project({ "sextant.yaml": start }), "sextant.yml")));
    expect(named?.remedy).toBe("There is “sextant.yaml”: name that.");
  });

  test.each([
    ["too large", `# ${"x".repeat(300_000)}\n${start}`, "DECLARATION_UNREADABLE"],
    ["UTF-16", Buffer.from(`\ufeff${start}`, "utf16le"), "DECLARATION_UNREADABLE"],
    ["Latin-1", Buffer.from("version: 1\nsystem: { name: Zürich }\n", "latin1"), "2:1 DECLARATION_UNREADABLE"],
    ["with a NUL", "version: 1\nsystem: { name: A\0 }\n", "2:18 DECLARATION_UNREADABLE"],
  ])("that is %s is refused", async (_, content, expected) => {
    const root = project({ "sextant.yaml": content });
    expect(brief(await problemsFrom(() => readDeclaration(root))).map((each) => each.replace(`${root}/sextant.yaml`, ""))).toEqual([
      expected,
    ]);
  });

  test.skipIf(process.platform === "win32")("that is a pipe is refused, not waited for", async () => {
    const root = project({});
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "sextant.yaml")]);
    expect(brief(await problemsFrom(() => readDeclaration(root)))[0]).toContain("DECLARATION_UNREADABLE");
  });

  test("that is a folder, or a link out of its folder, is refused", async () => {
    const root = project({});
    mkdirSync(join(root, "sextant.yaml"));
    expect(brief(await problemsFrom(() => readDeclaration(root)))[0]).toContain("DECLARATION_UNREADABLE");
    const outside = project({ "other.yaml": start });
    const linked = project({});
    symlinkSync(join(outside, "other.yaml"), join(linked, "sextant.yaml"));
    expect(brief(await problemsFrom(() => readDeclaration(linked)))[0]).toContain("ARTEFACT_ESCAPES");
  });
});

describe("a link", () => {
  const text = `${start}datasets: [{ id: d, splits: { train: data/train.csv } }]\ncode: [{ folder: lib }]\n`;

  test("inside the project is followed", async () => {
    const root = project({ "sextant.yaml": text, "real/train.csv": "a\n1\n", "lib/x": "" });
    symlinkSync("real", join(root, "data"));
    await expect(readDeclaration(root)).resolves.toBeDefined();
  });

  test("that leads outside is refused, be it a file, a folder or a folder on the way", async () => {
    const outside = project({ "train.csv": "secret\n1\n" });
    const files = project({ "sextant.yaml": text, "data/x": "" });
    symlinkSync(join(outside, "train.csv"), join(files, "data/train.csv"));
    symlinkSync(outside, join(files, "lib"));
    expect((await problemsFrom(() => readDeclaration(files))).map(({ code }) => code)).toEqual(["ARTEFACT_ESCAPES", "ARTEFACT_ESCAPES"]);
    const folders = project({ "sextant.yaml": text, "lib/x": "" });
    symlinkSync(outside, join(folders, "data"));
    expect((await problemsFrom(() => readDeclaration(folders))).map(({ code }) => code)).toEqual(["ARTEFACT_ESCAPES"]);
  });

  test("that leads outside gives away no names from there", async () => {
    const outside = project({ "trains.csv": "secret\n1\n" });
    const root = project({ "sextant.yaml": text, "lib/x": "" });
    symlinkSync(outside, join(root, "data"));
    const problems = await problemsFrom(() => readDeclaration(root));
    expect(problems.map(({ remedy }) => remedy).join()).not.toContain("trains.csv");
  });
});

describe("whatever the text", () => {
  const onlyProblems = (text: string) => {
    try {
      parseDeclaration(text, "sextant.yaml");
    } catch (error) {
      if (problemsOf(error).length === 0) throw error;
    }
  };

  test("reading gives a declaration or problems, each with a place in the file", () => {
    const piece = fc.constantFrom(
      ..."version system name datasets id splits : - [ ] { } , \" ' # & * ! | > % @ ` \n \t ? << --- ... 1 .nan ~ null true \\ é \u2028".split(
        " ",
      ),
      " ",
      "\n  ",
      "\n",
      ": ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
        ),
        (text) => {
          onlyProblems(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("one change to a good declaration gives a declaration or problems inside the file", () => {
    const lines = everything.split("\n").length;
    fc.assert(
      fc.property(fc.nat(everything.length - 1), fc.nat(12), fc.string({ unit: "grapheme", maxLength: 4 }), (at, cut, put) => {
        const text = everything.slice(0, at) + put + everything.slice(at + cut);
        try {
          const { declaration } = parseDeclaration(text, "sextant.yaml");
          for (const { place } of declaration.problems) {
            expect(place.line).toBeGreaterThan(0);
            expect(place.line).toBeLessThanOrEqual(lines + put.split("\n").length);
          }
        } catch (error) {
          if (problemsOf(error).length === 0) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["brackets", "["],
    ["closing brackets", "]"],
    ["braces", "{a: "],
    ["dashes", "- "],
    ["question marks", "? "],
    ["keys in one line", "a: "],
    ["quotation marks", '"'],
    ["aliases", "*a "],
    ["anchors", "&a "],
    ["directives", "%a\n"],
    ["documents", "---\n"],
  ])("a file full of %s is refused in bounded time", async (_, piece) => {
    const root = project({ "sextant.yaml": piece.repeat(Math.floor(260_000 / piece.length)) });
    const problems = await problemsFrom(() => readDeclaration(root));
    expect(problems.length).toBeLessThanOrEqual(20);
  });

  test("many keys cost no more than their number", async () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join("\n");
    const problems = await problemsFrom(() => readDeclaration(project({ "sextant.yaml": `${start}${keys}\n` })));
    expect(problems.every(({ code }) => code === "DECLARATION_KEY_UNKNOWN")).toBe(true);
  });

  test("what is written reads back as it was", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((each) => !/[\p{Cc}]/u.test(each));
    const id = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,4})?$/);
    const optional = <T>(values: Record<string, fc.Arbitrary<T>>) => fc.record(values, { requiredKeys: [] });
    const declaration = fc.record(
      {
        version: fc.constant(1),
        system: fc.record({ name: text, purpose: text, role: text }, { requiredKeys: ["name"] }),
        datasets: fc.uniqueArray(
          fc
            .tuple(
              id,
              optional<unknown>({
                sensitive: fc.array(text),
                personal: fc.boolean(),
                missing: fc.array(fc.oneof(text, fc.integer(), fc.boolean())),
              }),
            )
            .map(([name, more]) => ({ id: name, splits: { train: "data/a.csv" }, ...more })),
          { selector: (each) => each.id, maxLength: 3 },
        ),
        people: optional({ management: fc.array(text), operator: fc.array(text) }),
        seed: fc.nat(),
      },
      { requiredKeys: ["version", "system"] },
    );
    fc.assert(
      fc.property(declaration, (value) => {
        const { declaration: read } = parseDeclaration(stringify(value, { aliasDuplicateObjects: false }), "sextant.yaml");
        expect(read.problems).toEqual([]);
        expect(read.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
