import { expect } from "vitest";
import { seededRandom } from "../../base/index.ts";
import { type Constant, openSession, type Specialised, writeProgram } from "../../onnx/index.ts";
import { lower } from "../lower.ts";
import { type CaseMaker, caseProgram, checkPullback, inType } from "./check-pullback.ts";
import { samplerOf } from "./sampler.ts";

/** Checks that a lowered node answers what onnxruntime's own answers, and that its gradient is what central differences give. */
export async function checkLowering(name: string, make: CaseMaker, draws = 1): Promise<void> {
  for (let draw = 0; draw < draws; draw++) {
    const given = make(samplerOf(seededRandom(1, name, String(draw)).fork("case")));
    const { program } = caseProgram(given, "float32");
    const lowered = lower(program);
    const text = `${name} ${given.inputs.map((input) => `[${input?.value.dims}]`)} ${JSON.stringify(given.attributes)}`;
    expect(lowered, `${text} is lowered`).not.toBe(program);
    const feeds = given.inputs.flatMap((input, at) => (input?.wanted ? [[`x${at}`, inType(input.value, "float32")] as const] : []));
    const [own, ours] = [await answersOf(program, feeds), await answersOf(lowered, feeds)];
    for (const [output, { dims, values }] of Object.entries(own)) {
      expect(ours[output]?.dims, text).toEqual(dims);
      expect(distance(values, ours[output]?.values), `${text}: ${output} is as far off`).toBeLessThan(1e-5);
    }
  }
  await checkPullback(name, make, draws);
}

async function answersOf(program: Specialised, feeds: readonly (readonly [string, Constant])[]) {
  const session = await openSession(writeProgram(program), { threads: 1 });
  try {
    return await session.run(Object.fromEntries(feeds));
  } finally {
    await session.release();
  }
}

/** Relative to the norm of the first. */
function distance(a: Constant["values"], b: Constant["values"] | undefined): number {
  let [off, size] = [0, 1e-12];
  for (const [at, value] of a.entries()) {
    off += (Number(value) - Number(b?.[at])) ** 2;
    size += Number(value) ** 2;
  }
  return Math.sqrt(off / size);
}
