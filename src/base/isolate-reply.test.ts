import fc from "fast-check";
import { expect, it } from "vitest";
import { isReply } from "./isolate-reply.ts";
import { problemFrom } from "./problem.ts";

it("whatever a child sends, what counts as a reply can be read as one", () => {
  const part = fc.oneof(fc.anything(), fc.constantFrom("value", "problems", "fault", "progress"), fc.array(fc.anything()));
  const message = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom("id", "kind", "problems", "message", "stack", "done"), part));
  fc.assert(
    fc.property(message, (sent) => {
      if (!isReply(sent)) return;
      expect(typeof sent.id).toBe("number");
      if (sent.kind === "problems") expect(sent.problems.map(problemFrom).length).toBeGreaterThan(0);
      if (sent.kind === "fault") expect(sent.message + sent.stack).toBeTypeOf("string");
    }),
  );
});

it.each([
  [null],
  ["text"],
  [[]],
  [{ kind: "value", value: 1 }],
  [{ id: 1, kind: "verdict" }],
  [{ id: 1, kind: "problems" }],
  [{ id: 1, kind: "problems", problems: [] }],
  [{ id: 1, kind: "problems", problems: [null] }],
  [{ id: 1, kind: "problems", problems: [{ code: "CHILD_DIED", message: "so", remedy: 5 }] }],
  [{ id: 1, kind: "problems", problems: [{ code: "CHILD_DIED", message: "so", remedy: "so", line: "3" }] }],
  [{ id: 1, kind: "fault", message: null }],
  [{ id: 1, kind: "progress", done: "half", total: 1, what: "so" }],
])("%j is no reply", (message) => expect(isReply(message)).toBe(false));
