import { intsOf, textsOf } from "../attributes.ts";
import { input, known, mismatch, type Rule, unknown } from "./call.ts";

const normalizer: Rule = (call) => {
  if ((textsOf(call.node, "stopwords") ?? []).length > 0) unknown(call, "how many words it leaves out is known in a run alone");
  return [known("string", input(call, 0).dims)];
};

const tfIdf: Rule = (call) => {
  const places = intsOf(call.node, "ngram_indexes") ?? mismatch(call, "ngram_indexes is missing");
  const width = places.reduce((most, place) => Math.max(most, place), -1) + 1;
  return [known("float32", [...input(call, 0).dims.slice(0, -1), width])];
};

export const texts: Readonly<Record<string, Rule>> = {
  StringNormalizer: normalizer,
  StringSplit: (call) => unknown(call, "into how many parts it splits is known in a run alone"),
  TfIdfVectorizer: tfIdf,
};
