import { describe, expect, test } from "vitest";
import { inspecting, project } from "../testing/project.ts";
import { proposeDeclaration } from "./propose.ts";

const inspect = inspecting();
const table = (header: string, row: (at: number) => string) => `${header}\n${Array.from({ length: 40 }, (_, at) => row(at)).join("\n")}\n`;
const proposed = async (csv: string, more: Readonly<Record<string, string | Buffer>> = {}) =>
  proposeDeclaration(project({ "train.csv": csv, ...more }), inspect);

describe("whether a table is about people", () => {
  test("is not told by a column that counts its rows, whatever that is called", async () => {
    for (const name of ["id", "number", "row"]) {
      const { text } = await proposed(table(`${name},x,label`, (at) => `${at + 1},${at / 7},${at % 2}`));
      expect(text).toContain(`identifying: [${name}]  # guessed: “${name}” counts the rows`);
      expect(text).toContain("# personal: false");
    }
  });

  test("is told by one that tells people apart, also beside a counter", async () => {
    const { text } = await proposed(table("id,email,x,label", (at) => `${at + 1},a${at}@example.org,${at / 7},${at % 2}`));
    expect(text).toContain("personal: true  # guessed: it has a column “email”");
  });

  test("is told by numbers of one's own that do not count the rows", async () => {
    const { text } = await proposed(table("customer_id,x,label", (at) => `${1000 + at * 17},${at / 7},${at % 2}`));
    expect(text).toContain("personal: true  # guessed: it has a column “customer_id”");
  });
});

test("the command that exports a model of another format leaves out every column that is no feature", async () => {
  const csv = table(
    "id,email,when,phone,x,label",
    (at) => `${at + 1},a${at}@example.org,2024-01-0${(at % 9) + 1},${at % 5},${at / 7},${at % 2}`,
  );
  const { foreign } = await proposed(csv, { "old.pkl": Buffer.from([0x80, 4]) });
  expect(foreign[0]?.command).toContain('rows.drop(columns=["label", "id", "email", "when", "phone"])');
});
