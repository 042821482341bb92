/** Pictures a second of `openModel(...).predict(table)` against onnxruntime in Python: same models, pictures and threads, from pictures as they are kept to probabilities in memory. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolate } from "../src/base/index.ts";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { type Peer, startPeer } from "./lib/peer.ts";
import { compareSides } from "./lib/sides.ts";
import type * as side from "./predict-images/ours.ts";
import type { Subject } from "./predict-images/ours.ts";

const example = fileURLToPath(new URL("../examples/fashion", import.meta.url));
const threads = 2;
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** `largestGap`: decoders of JPEG round in ways of their own; where both have the same pixels, only sums do. */
const subjects = (scratch: string): readonly (Subject & { readonly largestGap: number })[] => [
  {
    name: "fashion",
    about: "2,000 grey pictures of 28 x 28 in an IDX file, float NCHW",
    root: example,
    model: join(example, "models/net.onnx"),
    source: {
      path: join(example, "data/test-images-idx3-ubyte.gz"),
      format: "images",
      pictures: { column: "image", from: { kind: "arrays", label: "label" } },
    },
    image: { range: [0, 1], mean: 0.2866, std: 0.3535 },
    classes: 10,
    largestGap: 1e-5,
  },
  {
    name: "colours",
    about: "1,000 pictures in colours of 64 x 64 in a NumPy array, float NCHW with ImageNet's mean and deviation",
    root: scratch,
    model: join(scratch, "colours.onnx"),
    source: {
      path: join(scratch, "colours.npy"),
      format: "images",
      pictures: { column: "image", from: { kind: "arrays", label: "label" } },
    },
    image: { range: [0, 1], ...imageNet },
    classes: 10,
    largestGap: 1e-5,
  },
  {
    name: "bytes",
    about: "the same to a model that takes uint8 NHWC",
    root: scratch,
    model: join(scratch, "bytes.onnx"),
    source: {
      path: join(scratch, "colours.npy"),
      format: "images",
      pictures: { column: "image", from: { kind: "arrays", label: "label" } },
    },
    image: {},
    classes: 10,
    largestGap: 1e-5,
  },
  {
    name: "photographs",
    about: "200 JPEG files of 320 x 240, brought to 224 x 224, float NCHW; the peer decodes with Pillow",
    root: scratch,
    model: join(scratch, "photographs.onnx"),
    source: {
      path: join(scratch, "photographs"),
      format: "images",
      pictures: { column: "image", from: { kind: "folders", label: "label" } },
    },
    image: { range: [0, 1], ...imageNet, resize: { fit: "stretch" } },
    classes: 10,
    largestGap: 1e-2,
  },
];

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  await using peer = startPeer(python, new URL("./predict-images/peer.py", import.meta.url), [example, scratch]);
  await peer.ask({ do: "make" });
  const cases: Case[] = [];
  let agrees = true;
  for (const subject of subjects(scratch)) {
    const { gap, ...result } = await compare(subject, scratch, peer, note);
    cases.push(result);
    agrees &&= gap <= subject.largestGap;
  }
  const settled = { bench: "predict-images", bar: 0.9, better: "higher", unit: "pictures/s", peer: "onnxruntime in Python" } as const;
  return outcome(settled, cases, agrees);
}

async function compare(subject: Subject, scratch: string, peer: Peer, note: Bench["note"]): Promise<Case & { readonly gap: number }> {
  const { name, about } = subject;
  await using ours = isolate<typeof side>(new URL("./predict-images/ours.ts", import.meta.url), {
    memoryBytes: 4 * 2 ** 30,
    timeoutMs: 600_000,
  });
  const { rows } = await ours.call("open", { subject, scratch, threads });
  const theirs = await peer.ask<{ rows: number; batch: number }>({ do: "open", case: name });
  if (theirs.rows !== rows) throw new Error(`the peer has ${theirs.rows} pictures, we have ${rows}`);
  const mine = { round: () => ours.call("round", null), answers: (file: string) => ours.call("answers", { file }) };
  const { result, gap, seconds } = await compareSides(name, rows, mine, peer, scratch);
  note(
    `${name}: ${about}; ${threads} threads; peer's best: ${theirs.batch} pictures a call; answers differ by at most ${gap.toExponential(1)}`,
  );
  note(seconds);
  return { ...result, gap };
}
