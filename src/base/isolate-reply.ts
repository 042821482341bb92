import type { Reply } from "./isolate.ts";

/** Whether what came from a child is a reply. Native code ran there on hostile bytes, or a stranger's control: anything may come. */
export function isReply(message: unknown): message is Reply {
  if (!isRecord(message) || typeof message.id !== "number") return false;
  switch (message.kind) {
    case "value":
      return true;
    case "problems":
      return Array.isArray(message.problems) && message.problems.length > 0 && message.problems.every(isProblem);
    case "fault":
      return hasTexts(message, ["message", "stack"]);
    case "progress":
      return hasTexts(message, ["what"]) && typeof message.done === "number" && typeof message.total === "number";
    default:
      return false;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

const hasTexts = (value: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.every((name) => typeof value[name] === "string");

const isProblem = (value: unknown) =>
  isRecord(value) &&
  hasTexts(value, ["code", "message", "remedy"]) &&
  ["file", "at"].every((name) => value[name] === undefined || typeof value[name] === "string") &&
  ["line", "column"].every((name) => value[name] === undefined || typeof value[name] === "number");
