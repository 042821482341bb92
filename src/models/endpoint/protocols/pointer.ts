import { quoted } from "../../../base/index.ts";
import { answerInvalid } from "../failures.ts";

export const pointerPattern = /^(\/([^~/]|~[01])*)*$/;

/** What a JSON pointer (RFC 6901) names in a value. Throws ENDPOINT_ANSWER_INVALID where nothing stands there. */
export function pointed(value: unknown, pointer: string): unknown {
  if (pointer === "") return value;
  let here = value;
  for (const part of pointer.slice(1).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const isList = Array.isArray(here);
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key) || (isList && !/^(0|[1-9]\d*)$/.test(key)))
      throw answerInvalid(
        `the answer holds nothing at ${quoted(pointer, 80)}`,
        "Correct the pointers under `response`, which say where the answers stand.",
      );
    here = (here as { readonly [key: string]: unknown })[key];
  }
  return here;
}
