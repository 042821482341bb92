import { expect, test } from "vitest";
import { casesIn, lifted, runCase } from "./backend.fixture.ts";

const cases = casesIn("cases.json");

/** Those that do not run, by who says so and why. The list may only shrink: lower `fewerThan` with it. */
const fewerThan = 24;
const reasons: readonly (readonly [by: string, why: RegExp, names: readonly string[]])[] = [
  [
    "reader",
    /^MODEL_OPSET_UNSUPPORTED .*since opset 2[78]/,
    [
      "test_bitshift_left_int8",
      "test_causal_conv_with_state_b1_c1_degenerate",
      "test_mod_uint8",
      "test_quantizelinear",
      "test_range_float16_type_positive_delta",
      "test_reduce_log_sum_empty_set",
      "test_reduce_log_sum_exp_empty_set",
      "test_spacetodepth_example",
      "test_swiglu_float16",
    ],
  ],
  ["reader", /^MODEL_OPERATOR_UNKNOWN .* of ai\.onnx\.preview\.training is not known/, ["test_adagrad", "test_adam", "test_momentum"]],
  [
    "types",
    /^sequence does not cross/,
    ["test_if_seq", "test_sequence_map_add_2_sequences", "test_sequence_insert_at_back", "test_split_to_sequence_1"],
  ],
  ["types", /^optional does not cross/, ["test_identity_opt", "test_if_opt"]],
  [
    "load",
    /Type 'tensor\((float16|bfloat16)\)' of input parameter .* is invalid/,
    ["test_celu_float16", "test_onehot_with_bfloat16_values", "test_reversesequence_bfloat16"],
  ],
  ["load", /Could not find an implementation for RandomUniformLike/, ["test_bernoulli_seed"]],
  ["load", /Unrecognized attribute: left_window_size/, ["test_attention_bidirectional_window"]],
];
const without = new Map(reasons.flatMap(([by, why, names]) => names.map((name) => [name, { by, why }] as const)));

test.for(cases.filter(({ name }) => !without.has(name)))("$name of the standard's own tests runs and answers as it says", async (each) => {
  expect(await runCase(each)).toEqual({ runs: true });
});

test.for(cases.filter(({ name }) => !without.has(name)))("$name answers so in the canonical opset, too", async (each) => {
  expect(await runCase(each, lifted)).toEqual({ runs: true });
});

test.for([...without])("%s does not run yet, and says why", async ([name, { by, why }]) => {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  expect(await runCase(found)).toMatchObject({ runs: false, by, why: expect.stringMatching(why) });
});

test("the list of those that do not run only shrinks", () => {
  expect(without.size).toBeLessThan(fewerThan);
});
