import { z } from "zod";
import { stakeholderIds } from "../catalogue/index.ts";
import { dateOrders, filters, isEncoding } from "../data/index.ts";
import { changes } from "./changes-schema.ts";
import { address, endpoint, load } from "./endpoint-schema.ts";

/** Error texts of this schema are phrases that follow "expected": `mistakes.ts` makes the sentence, with the value that was found. */
const text = (most = 2000) => z.string().min(1).max(most);
const name = text(200);
const column = text(300).describe("A column, by its name in the file.");
const columns = z.array(column);
const path = text(1000);
/** What somebody wants numbers to reach or keep to. None that means anything lies further out, and what is reckoned with it stays finite. */
const limit = z.number().min(-1e12).max(1e12);
const scalar = z.union([z.string().max(1000), z.number(), z.boolean()], { error: "a text, a number, true or false" });

/** Identifiers become file names and parts of other identifiers. */
export const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const id = z.string().max(60).regex(idPattern, { error: "lower-case letters, digits and single hyphens" });
const identifier = id.describe("Its identifier: lower-case letters, digits and single hyphens. Results and files are named after it.");

export const metrics = ["accuracy", "balanced-accuracy", "f1", "macro-f1", "roc-auc", "log-loss", "recall", "precision"] as const;

const by = z.enum(["others", "ourselves", "users"]);

const affects = z
  .strictObject({
    whom: z
      .enum(["people", "organisations", "nobody"])
      .optional()
      .describe("Whom its decisions affect. Decides whether bias and lack of explanation are threats."),
    who: text().optional().describe("Who they are, in words: `loan applicants`."),
    how: text().optional().describe("How a decision affects them, in words: `a refusal means no loan`."),
  })
  .describe("Whom its decisions affect, and how.");

const success = z
  .strictObject({
    metric: z.enum(metrics).describe("The measure of success, taken on the test split."),
    target: limit.describe("What it must reach: at least this, or at most this for log-loss."),
  })
  .describe("When the system counts as good enough.");

const limits = z
  .strictObject({
    latencyMs: limit.positive().optional().describe("The longest that one answer may take, in milliseconds."),
    sizeMiB: limit.positive().optional().describe("The largest that a model's file may be, in MiB."),
    costPerMillion: limit.nonnegative().optional().describe("The most that a million answers may cost, in your currency."),
  })
  .describe("What an answer and a model may cost at most.");

const machine = z
  .strictObject({ costPerHour: limit.nonnegative().describe("What an hour of it costs, in the currency of `limits.costPerMillion`.") })
  .describe("The machine that answers: one like the machine that measures.");

const system = z
  .strictObject({
    name: name.describe("What the system is called in reports."),
    purpose: text().optional().describe("What it is for."),
    role: text().optional().describe("What part it plays beside people: `advises a clerk`, `decides alone`."),
    scope: text().optional().describe("Where and for whom it is used, and where it is not."),
    affects: affects.optional(),
    success: success.optional(),
    limits: limits.optional(),
    machine: machine.optional(),
  })
  .describe("The system as a whole. Only its name is required; what is left out leaves claims unassessed.");

const person = z.union(
  [name, z.strictObject({ name: name.describe("Their name."), email: text(320).optional().describe("Their address.") })],
  {
    error: "a name, or `{ name: ..., email: ... }`",
  },
);
const peopleOfRole = z.array(person);

/** The service's users are not named one by one. */
const roles = stakeholderIds.filter((role) => role !== "user");
const people = z
  .strictObject(
    Object.fromEntries(roles.map((role) => [role, peopleOfRole.optional().describe(`Who answers as ${role}.`)])) as Record<
      (typeof roles)[number],
      z.ZodOptional<typeof peopleOfRole>
    >,
  )
  .describe("Who answers for what: names by role.");

const arrayFile = z.union(
  [path, z.strictObject({ file: path.describe("The .npz file."), array: name.describe("Which array of an .npz file.") })],
  {
    error: "a path, or `{ file: ..., array: ... }` for one array of an .npz file",
  },
);
const arrays = z
  .strictObject({
    images: arrayFile.describe("The pictures: an IDX file (packed with gzip or not) or a NumPy array, a picture for each row."),
    labels: arrayFile.optional().describe("Their labels, in the same order."),
  })
  .describe("Pictures and labels in arrays of their own.");
const columnArrays = z.strictObject({
  arrays: z
    .record(z.string().min(1).max(200), path)
    .refine((named) => Object.keys(named).length > 0, { error: "at least one array" })
    .describe("NumPy arrays, by the columns they become: `x: data.npz#x_train` gives x0, x1 ..., and `y: labels.npy` gives y."),
});
const splitFile = z.union([path, arrays, columnArrays], {
  error: "a path, `{ images: ..., labels: ... }`, or `{ arrays: { x: data.npz#x, y: labels.npy } }`",
});
const split = (says: string) =>
  splitFile
    .optional()
    .describe(
      `${says} A table inside the project: a file, several of them (\`data/part-*.parquet\`), a folder of them, or arrays; or a folder with a folder of pictures for each class.`,
    );
const splits = z
  .strictObject({
    train: split("What the model learned from."),
    evaluation: split("What it was tuned with."),
    test: split("What it never saw."),
  })
  .refine((files) => Object.values(files).some((file) => file !== undefined), { error: "at least one of train, evaluation and test" })
  .describe("The files of the dataset, by what they were used for.");

const written = z
  .strictObject({
    delimiter: z
      .string()
      .regex(/^[^"\r\n0-9A-Za-z\u0080-\uffff]$/, { error: "one character that is no letter, digit, quotation mark or line end" })
      .optional()
      .describe("What stands between the fields of a CSV file."),
    encoding: text(40)
      .refine(isEncoding, { error: "the name of an encoding: `windows-1251`, `shift_jis`" })
      .optional()
      .describe("The encoding of a CSV file: `windows-1251`."),
    decimal: z.enum([".", ","]).optional().describe("What stands before the fraction of a number."),
    thousands: z.enum([".", ",", " ", "'"]).optional().describe("What groups the thousands of a number."),
    dates: z.enum(dateOrders).optional().describe("What dates begin with, where they are written with the year last or with slashes."),
  })
  .refine(({ decimal, thousands }) => decimal === undefined || decimal !== thousands, {
    error: "two different marks for decimal and thousands",
  })
  .describe("How text files are written: only needed where it cannot be found. `sextant assess --plan` says what was found.");

const source = z
  .strictObject({
    name: name.optional().describe("What the source is called."),
    by: by
      .optional()
      .describe("Who made the data: `others`, `ourselves`, or `users` of the system. Decides whether poisoning is a threat."),
    origin: text().optional().describe("Where it comes from: an address, a department, a device."),
    licence: text(200).optional().describe("Under which licence it may be used."),
    part: text(300).optional().describe("Which part of the dataset comes from there: `all`, or rows or columns in words."),
  })
  .describe("Where a part of the data comes from.");

const side = z.int().min(1).max(20_000);
const pictureSize = z.tuple([side, side], { error: "[HEIGHT, WIDTH] in pixels" });
const layouts = ["NHWC", "NCHW"] as const;

const pictures = z
  .strictObject({
    column: column
      .optional()
      .describe("The column that names each row's picture, where the splits are tables; left out: pictures are called `image`."),
    folder: path.optional().describe("The folder that the names in that column start from. Left out: the folder of the table."),
    channels: z
      .union([z.literal(1), z.literal(3)], { error: "1 (grey) or 3 (colours)" })
      .optional()
      .describe("What all pictures become. Left out: what they are, if all are alike."),
    size: pictureSize.optional().describe("Height and width of pictures whose array has a flat row for each."),
    layout: z.enum(layouts).optional().describe("Which axes an array of pictures has, where its shape does not tell."),
    names: z.array(scalar).min(2).max(100_000).optional().describe("What the labels 0, 1, 2 ... of an array mean, in that order."),
    turned: z.boolean().optional().describe("Turn photographs as their camera noted. Left out: no, as Pillow and torchvision do."),
  })
  .describe("Where a dataset's pictures lie and how they are read: only what the files do not tell.");

const share = z.number().min(0).max(1);

const dataset = z.strictObject({
  id: identifier,
  splits,
  images: pictures.optional(),
  label: column.optional().describe("The column that the model predicts. Of folders and arrays of pictures it may be left out: `label`."),
  favourable: scalar.optional().describe("The label that people wish for (the positive class). Group fairness is not assessed without it."),
  sensitive: columns.optional().describe("Columns that say to which group a person belongs: sex, race, age ..."),
  identifying: columns.optional().describe("Columns that tell who somebody is: names, numbers, addresses. Never features."),
  unused: columns.optional().describe("Columns that no model takes as a feature."),
  personal: z.boolean().optional().describe("Whether it is about people who could be identified. Left out: unknown, which counts as yes."),
  confidential: z.boolean().optional().describe("Whether it must stay secret for another reason. Left out: unknown, which counts as yes."),
  missing: z.array(scalar).optional().describe('Texts that mean a missing value, beside the empty field: `["?"]`.'),
  trim: z.boolean().optional().describe("Cut the blanks around texts. Left out: texts stay as they are written."),
  read: written.optional(),
  sources: z.array(source).optional().describe("Where the data comes from, part by part."),
  population: z
    .record(z.string(), z.record(z.string(), share))
    .optional()
    .describe("Shares of values among the people that the system is for, by column: `sex: { Female: 0.5, Male: 0.5 }`."),
  changes: changes.optional(),
});

const encoding = z.union([z.enum(["ordinal", "one-hot"]), z.record(z.string(), z.number())], {
  error: "ordinal, one-hot, or a number for each text (`{ own: 0, rent: 1 }`)",
});

const amounts = z.union([z.number(), z.array(z.number()).min(1).max(3)], { error: "a number, or one for each channel" });
const preparation = z
  .strictObject({
    layout: z.enum(layouts).optional().describe("The order of the input's axes. Left out: as its shape tells."),
    size: pictureSize.optional().describe("Height and width that it takes. Left out: as its shape tells, else as the pictures are."),
    colours: z.enum(["rgb", "bgr", "grey"]).optional().describe("Left out: as the file's metadata tells, else by the number of channels."),
    range: z
      .tuple([z.number(), z.number()], { error: "[BLACK, WHITE]" })
      .optional()
      .describe("The numbers that black and white become, before mean and std: `[0, 1]`, `[-1, 1]`, `[0, 255]`."),
    mean: amounts.optional().describe("Then taken off, in units of `range`."),
    std: amounts.optional().describe("Then divided by, in units of `range`."),
    resize: z
      .strictObject({
        fit: z.enum(["stretch", "crop", "pad"]).optional().describe("Left out: `stretch`."),
        shorter: side.optional().describe("Of `crop`: what the shorter side becomes before the middle is cut out."),
        filter: z.enum(filters).optional().describe("Left out: `bilinear`."),
      })
      .optional()
      .describe("How pictures of another size are brought to the model's, as Pillow and torchvision do it."),
  })
  .describe("How pictures were prepared in training: what the model's file does not tell.");

const output = z
  .strictObject({
    scores: name.optional().describe("The output that holds a score for each class."),
    labels: name.optional().describe("The output that holds the label."),
    kind: z.enum(["probabilities", "logits"]).optional().describe("What the scores are."),
  })
  .describe("Which output is which: only needed where the file does not tell.");

const base = z
  .union(
    [
      z.literal("none"),
      z.strictObject({
        name: name.optional().describe("What the model is called."),
        origin: text().optional().describe("Where it comes from."),
        by: z.enum(["others", "ourselves"]).optional().describe("Who made it. Decides whether a poisoned base model is a threat."),
      }),
    ],
    { error: "`none`, or `{ name: ..., origin: ..., by: others }`" },
  )
  .describe("The model that this one was fine-tuned from, or `none`.");

const inputs = z.record(z.string(), z.union([column, columns], { error: "a column, or a list of columns" })).optional();

const answerFile = (says: string) => path.optional().describe(`${says} A table inside the project.`);
const predictions = z
  .strictObject({
    label: column.optional().describe("The column that holds the answered label. Left out: the class of the highest score."),
    scores: z
      .union([column, z.record(z.string(), column)], { error: "a column, or a column for each class (`{ yes: p_yes, no: p_no }`)" })
      .optional()
      .describe(
        "The column of each class's score; a single column, of two classes, speaks of the favourable label, else of the second in sorted order.",
      ),
    kind: z.enum(["probabilities", "logits"]).optional().describe("What the scores are. Left out: probabilities."),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        "From this score on, of two classes, the answer is the class that the scores speak of. Left out: the class of the higher score.",
      ),
    files: z
      .strictObject({
        train: answerFile("To the train split."),
        evaluation: answerFile("To the evaluation split."),
        test: answerFile("To the test split."),
      })
      .optional()
      .describe("Tables that hold the answers, by the split that they answer. Left out: the answers stand in the splits themselves."),
    key: column.optional().describe("The column, in the splits and in `files`, by which rows belong together. Left out: row by row."),
  })
  .refine(({ label, scores }) => label !== undefined || scores !== undefined, {
    error: "`label`, `scores` or both: the columns that hold the answers",
  })
  .describe("Answers that were written down: a model without the model.");

/** What a model may be: exactly one of these. */
const modelKinds = ["file", "endpoint", "predictions"] as const;

const model = z
  .strictObject({
    id: identifier,
    file: path.optional().describe("The ONNX file, inside the project."),
    endpoint: endpoint.optional(),
    predictions: predictions.optional(),
    trainedOn: z.array(id).optional().describe("The datasets whose train split it learned from."),
    testedOn: z.array(id).optional().describe("The datasets it is measured on. Left out: those of trainedOn."),
    inputs: inputs.describe("The columns that fill each input of the model: only needed where their names do not match."),
    features: columns.optional().describe("The feature columns in the order that the model takes them, for a model with a single input."),
    shapes: z
      .record(z.string(), z.array(z.int().min(1).max(1_000_000)).min(1).max(8))
      .optional()
      .describe(
        "The shape of one row in an input, filled row by row, where the model's file leaves it open: `series: [20, 3]` for 20 steps of 3 numbers.",
      ),
    encode: z
      .record(z.string(), encoding)
      .optional()
      .describe("How a text column becomes numbers: `ordinal` or `one-hot` over its sorted texts, or a number for each text."),
    image: preparation.optional(),
    classes: z.array(scalar).optional().describe("The labels in the order of the model's scores. Left out: as the model's file has them."),
    output: output.optional(),
    base: base.optional(),
    candidate: z
      .boolean()
      .optional()
      .describe("Whether it was tried and not chosen: then it is compared with the chosen one and measured for nothing else."),
    learns: z.boolean().optional().describe("Whether it goes on learning in operation. Left out: unknown, which counts as yes."),
  })
  .refine((declared) => modelKinds.filter((kind) => declared[kind] !== undefined).length === 1, {
    error: `exactly one of ${modelKinds.map((kind) => `\`${kind}\``).join(", ")}`,
  });

const component = z.strictObject({
  id: identifier,
  kind: name
    .describe("What kind of component it is: `generative`, `rules`, `retrieval` ...")
    .meta({ examples: ["generative", "rules", "retrieval"] }),
  about: text().optional().describe("What it does."),
});

const service = z.strictObject({
  id: identifier,
  model: id.describe("The model that answers."),
  endpoint: z
    .union([address, endpoint], {
      error: "an address that begins with https:// or http://, or `{ url: ..., protocol: ..., queries: ... }`",
    })
    .optional()
    .describe("Where it answers. An address alone is recorded, and nothing is sent there; with `protocol` and `queries` it is asked."),
  inputs: inputs.describe("The columns that fill each input of the endpoint. Left out: as the model takes them."),
  features: columns.optional().describe("The columns that the endpoint takes, in order. Left out: as the model takes them."),
  output: output.optional(),
  load: load.optional(),
  callers: z
    .enum(["strangers", "customers", "staff", "systems"])
    .optional()
    .describe("The least trusted of those who may query it. Decides whether extraction and evasion are threats."),
  answers: z.enum(["labels", "scores"]).optional().describe("Whether callers see labels alone or scores too."),
  feedback: z.boolean().optional().describe("Whether answers, or what came of them, come back as training data."),
});

const code = z.strictObject({
  folder: path.optional().describe("A folder of source code, inside the project."),
  lockfiles: z.array(path).optional().describe("Files that pin dependencies, by their path from sextant.yaml."),
});

const ownControl = z.strictObject({
  file: path.describe("A JavaScript or TypeScript file inside the project that exports one control and imports `sextant-ai` alone."),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, { error: "`sha256:` and 64 hexadecimal digits" })
    .optional()
    .describe(
      "The digest of the file as you read it and trust it. Left out, or of another file: it is not run, and the message says the digest.",
    ),
});

const because = text().describe("Why: whose decision it was, and on what ground. Shown in the report.");
const policyValue = z.union([limit, z.string().max(1000)], { error: "a number or a text" });

const policy = z
  .strictObject({
    claims: z
      .record(z.string(), z.object({ because }).catchall(policyValue))
      .optional()
      .describe("Limits that differ from a control's own, by claim: `algorithm-bias/equal-opportunity: { gap: 0.03, because: ... }`."),
    levels: z
      .record(z.string(), z.strictObject({ level: z.enum(["required", "recommended"]).describe("Whether it is required."), because }))
      .optional()
      .describe("Levels that differ from required, by threat and stage: `evasion/deployment: { level: recommended, because: ... }`."),
  })
  .describe("What the organisation decided otherwise, each with its reason.");

/** `sextant.yaml`. Where something that decides whether a threat stands is left out, it is unknown, and the threat stands. */
export const declarationSchema = z
  .strictObject({
    version: z.literal(1).describe("The version of this format: 1."),
    system,
    people: people.optional(),
    datasets: z
      .array(dataset)
      .optional()
      .describe("The data that models learn from and are measured on. An empty list says that none is kept."),
    models: z
      .array(model)
      .optional()
      .describe("The predictive models: ONNX files, endpoints that answer with them, or tables of what they answered."),
    components: z.array(component).optional().describe("Other parts of the system, generative ones among them: declared, not tested."),
    services: z.array(service).optional().describe("What answers with the models. An empty list says that no model is in use."),
    code: z.array(code).optional().describe("The system's own code, and what it depends on."),
    controls: z.array(ownControl).optional().describe("Controls of the project's own, beside those of Sextant."),
    policy: policy.optional(),
    seed: z.int().min(0).max(0xffff_ffff).optional().describe("Where random numbers start; the same seed gives the same results."),
  })
  .describe("An AI system, declared for Sextant.");

export type Declaration = z.infer<typeof declarationSchema>;
export type DatasetDeclaration = z.infer<typeof dataset>;
export type ModelDeclaration = z.infer<typeof model>;
export type ServiceDeclaration = z.infer<typeof service>;
