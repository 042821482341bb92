import { quoted } from "../base/index.ts";
import type { Binding } from "./bind.ts";
import { listed } from "./labels.ts";
import { floatTypes, type OnnxBinding } from "./model.ts";

/** Which outputs hold scores and labels, and what the scores are. */
export function bindOutputs(binding: Binding): Pick<OnnxBinding, "scoreOutput" | "labelOutput" | "scores"> {
  const { facts, declared, problem } = binding;
  const { scores, labels, kind } = declared.output ?? {};
  checkNamed(binding, "scores", scores, floatTypes);
  checkNamed(binding, "labels", labels, ["int64", "int32", "string", "bool"]);
  const scoreOutput = scores ?? facts.scoreOutput;
  const labelOutput = labels ?? facts.labelOutput;
  if (scoreOutput === null && labelOutput === null) unclear(binding);
  const told = scoreOutput === facts.scoreOutput ? facts.scores : null;
  if (kind === undefined && told === "amounts") {
    const what = `output ${quoted(scoreOutput ?? "")} of model ${quoted(declared.model)} is what a regression predicts: an amount, not a score of a class`;
    problem(
      "MODEL_OUTPUT_MISMATCH",
      ["output"],
      what,
      "Only classifiers are assessed. If the amount is a logit, say so: `output: { kind: logits }`.",
    );
  }
  return { scoreOutput, labelOutput, scores: kind ?? (told === "logits" ? "logits" : "probabilities") };
}

/** Neither scores nor labels are found, and none are named. */
function unclear({ facts, declared, problem }: Binding) {
  const model = `model ${quoted(declared.model)}`;
  const names = facts.outputs.map(({ name }) => name);
  const [only, ...others] = facts.outputs;
  if (only?.type === "other" && others.length === 0) {
    const kind = ["sequence", "map"].includes(only.other ?? "") ? `a ${only.other}` : `of type ${only.other}`;
    const what = `output ${quoted(only.name)} of ${model} is ${kind}, which holds no scores row by row`;
    return problem("MODEL_OUTPUT_MISMATCH", ["output"], what, "Export the model so that it answers a tensor of shape [N, classes].");
  }
  return problem(
    "MODEL_OUTPUT_MISMATCH",
    ["output"],
    `which output of ${model} holds its scores is not clear: it has ${listed(names)}`,
    `Say which: \`output: { scores: ${names[0] ?? "..."} }\`, or \`labels\` if it answers labels alone. Only classifiers are assessed.`,
  );
}

function checkNamed({ facts, declared, problem }: Binding, part: "scores" | "labels", name: string | undefined, types: readonly string[]) {
  if (name === undefined) return;
  const port = facts.outputs.find((output) => output.name === name);
  const subject = `output ${quoted(name)} of model ${quoted(declared.model)}`;
  if (port === undefined) {
    problem(
      "MODEL_OUTPUT_MISMATCH",
      ["output", part],
      `there is no ${subject}`,
      `It has ${listed(facts.outputs.map((output) => output.name))}: name one of them.`,
    );
  } else if (!types.includes(port.type)) {
    problem(
      "MODEL_OUTPUT_MISMATCH",
      ["output", part],
      `${subject} is of type ${port.other ?? port.type}: it cannot hold ${part}`,
      `Name an output of type ${types.join(" or ")}.`,
    );
  }
}
