import { z } from "zod";
import type { Json } from "../base/index.ts";
import { marksIn, pointerPattern, protocolNames } from "../models/index.ts";

const text = (most: number) => z.string().min(1).max(most);

/** Only variables of this name can be named: a declaration from elsewhere must not send what other secrets the environment holds. */
const variable = z
  .strictObject(
    {
      env: z
        .string()
        .regex(/^SEXTANT_[A-Z0-9_]{1,80}$/, { error: "the name of an environment variable that begins with SEXTANT_" })
        .describe("The name of an environment variable. It begins with SEXTANT_, so that no declaration can have another secret sent."),
    },
    { error: "`{ env: SEXTANT_... }`: the name of an environment variable (what is secret never stands in this file)" },
  )
  .describe("What an environment variable holds.");

export const address = z
  .url({ protocol: /^https?$/, error: "an address that begins with https:// or http://" })
  .max(2000)
  .refine((url) => !URL.canParse(url) || (new URL(url).username === "" && new URL(url).password === ""), {
    error: "an address without a name and a password (they belong in the environment: `basic: { env: SEXTANT_... }`)",
  });

const pointer = z.string().max(500).regex(pointerPattern, { error: "a JSON pointer: `/predictions`" });

const response = z
  .strictObject({
    rows: pointer.optional().describe("Where the list of answers stands, one a row. Left out: the whole answer is that list."),
    label: pointer.optional().describe("Where the label stands in one row's answer."),
    scores: pointer
      .optional()
      .describe("Where the scores stand in one row's answer: a list in the order of the classes, or an object by class."),
    classes: pointer.optional().describe("Where the whole answer names the classes, in the order of the scores."),
    id: pointer.optional().describe("Where one row's answer repeats its `id`: then the order of answers does not matter."),
  })
  .refine(({ label, scores }) => label !== undefined || scores !== undefined, { error: "`label`, `scores` or both" })
  .describe("For `protocol: mapping`: where the answers stand, as JSON pointers.");

const serverHeaders =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|accept|accept-encoding|proxy-.*)$/i;
const isOwnHeader = (name: string) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name) && !serverHeaders.test(name);
const headers = z.record(z.string(), variable).refine((named) => Object.keys(named).every(isOwnHeader), {
  error: "names of headers that the client does not set itself (it sets Host, Content-Length, Accept and the like)",
});

/** Where and how a model is asked over HTTP. */
export const endpoint = z
  .strictObject({
    url: z
      .union([address, variable], { error: "an address that begins with https:// or http://, or `{ env: SEXTANT_... }`" })
      .describe("Where it answers: the part before what the protocol puts behind it. Nothing is ever sent elsewhere."),
    protocol: z.enum(protocolNames).describe("How it is spoken to."),
    model: text(200).optional().describe("For open-inference and tf-serving: the model's name on the server."),
    version: z
      .union([text(100), z.int()], { error: "a text or a whole number" })
      .optional()
      .describe("The model's version on the server. Left out: the one that the server chooses."),
    format: z.enum(["instances", "inputs"]).optional().describe("For tf-serving: rows (`instances`, if left out) or columns (`inputs`)."),
    signature: text(200).optional().describe("For tf-serving: the signature. Left out: `serving_default`."),
    request: z
      .unknown()
      .refine((request) => request === undefined || (marksIn(request as Json) === 1 && JSON.stringify(request).length <= 20_000), {
        error: '`"$rows"` in one place, where the rows go (`{ applicants: "$rows" }`), or `"$row"` for one row a request',
      })
      .optional()
      .describe('For `protocol: mapping`: the body, in which `"$rows"` stands for the rows, or `"$row"` for the only one.'),
    rows: z
      .enum(["records", "arrays"])
      .optional()
      .describe("For `protocol: mapping`: a row is an object of columns (if left out), or a list."),
    id: text(200).optional().describe("For `protocol: mapping`: the name under which each record says its place, for `response.id`."),
    response: response.optional(),
    headers: headers.optional().describe("Headers whose values stand in the environment: `{ X-Api-Key: { env: SEXTANT_KEY } }`."),
    bearer: variable.optional().describe("The token of an `Authorization: Bearer` header."),
    basic: variable.optional().describe("`name:password` of an `Authorization: Basic` header."),
    ca: text(1000)
      .optional()
      .describe("A PEM file, inside the project, of the authority that signed its certificate, if Node does not know it."),
    queries: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe("How many rows may be sent, over all runs. Without this budget nothing is sent. Every attempt counts."),
    timeoutMs: z.int().min(1).max(600_000).optional().describe("How long one attempt may take. Left out: 30000."),
    retries: z.int().min(0).max(20).optional().describe("Attempts after the first, where another may help. Left out: 4."),
    ratePerSecond: z.number().positive().max(1_000_000).optional().describe("Requests a second, at most. Left out: as fast as it answers."),
    inFlight: z.int().min(1).max(64).optional().describe("Requests under way at a time, at most. Left out: 8."),
    batch: z.int().min(1).max(10_000).optional().describe("Rows a request, at most. Left out: 64, or 1 where a request takes one row."),
    recheckHours: z
      .number()
      .positive()
      .max(8760)
      .optional()
      .describe("After how long a few rows are asked again, to see that the same model answers. Left out: 24."),
  })
  .check(({ value, issues }) => {
    const expect = (key: string, message: string) => issues.push({ code: "custom", path: [key], message, input: value });
    const named = value.protocol === "open-inference" || value.protocol === "tf-serving";
    if (named && value.model === undefined) expect("model", "the model's name on the server (`model: ...`)");
    if (value.bearer !== undefined && value.basic !== undefined) expect("basic", "one of `bearer` and `basic`");
    if (value.protocol !== "mapping") return;
    if (value.request === undefined) expect("request", '`protocol: mapping` to say its body: `request: { rows: "$rows" }`');
    if (value.response === undefined)
      expect("response", "`protocol: mapping` to say where answers stand: `response: { rows: /predictions, label: /label }`");
  })
  .describe("An HTTP endpoint that answers with the model. It is sent rows of the declared datasets, within its budget of queries.");

export type EndpointDeclaration = z.infer<typeof endpoint>;

export const load = z
  .strictObject({
    perSecond: z.number().positive().max(100_000).describe("Requests of one row that arrive each second."),
    inFlight: z.int().min(1).max(64).optional().describe("How many of them may wait for their answers at a time. Left out: 64."),
  })
  .describe("What the service must bear. Latency is measured at this load.");
