import { z } from "zod";

export const changeNorms = ["linf", "l2", "l1", "l0"] as const;

const size = z
  .strictObject({
    norm: z
      .enum(changeNorms)
      .describe("How changes of several features count together: the greatest (linf), as a distance (l2), their sum (l1), how many (l0)."),
    eps: z
      .number()
      .positive()
      .max(1e6)
      .describe(
        "How large a change is at most, on a scale from 0 to 1: of a picture from black to white, of a column from its least to its greatest value in training. Of l0: how many features.",
      ),
  })
  .refine(({ norm, eps }) => norm !== "linf" || eps <= 1, {
    error: "an eps of at most 1: the scale goes from 0 to 1, so that 8 of 255 greys are 0.031",
  })
  .refine(({ norm, eps }) => norm !== "l0" || Number.isInteger(eps), { error: "a whole eps: l0 counts features" })
  .describe("How far worst-case attacks may go from what was there.");

const value = z.union([z.string().max(1000), z.number(), z.boolean()], { error: "a text, a number, true or false" });
const number = z.number().min(-1e15).max(1e15);

const column = z
  .strictObject({
    immutable: z.boolean().optional().describe("Nobody can change it: a birthday, the past."),
    min: number.optional().describe("The least that it can become. Left out: the least in training."),
    max: number.optional().describe("The most that it can become. Left out: the most in training."),
    step: number
      .positive()
      .optional()
      .describe("It changes by whole multiples of this: 1 for whole numbers. Left out: 1 if training has whole numbers alone."),
    direction: z.enum(["up", "down"]).optional().describe("It can only grow, or only fall."),
    among: z.array(value).min(1).max(10_000).optional().describe("What it can become. Left out: any text that training has."),
    cost: number.nonnegative().optional().describe("What changing it costs: by one, of numbers; at all, of texts. In a unit of your own."),
  })
  .refine(({ immutable, ...others }) => immutable !== true || Object.values(others).every((each) => each === undefined), {
    error: "`immutable: true` alone, or how it can change",
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, { error: "a `min` that is not above `max`" })
  .refine(({ among, min, max, step }) => among === undefined || [min, max, step].every((each) => each === undefined), {
    error: "`among`, or `min`, `max` and `step`",
  });

export const changes = z
  .strictObject({
    size: size.optional(),
    columns: z
      .record(z.string(), column)
      .refine((named) => Object.keys(named).length <= 10_000, { error: "at most 10000 columns" })
      .optional()
      .describe("How single columns can change: `age: { immutable: true }`, `income: { min: 0, step: 1, direction: up }`."),
    rules: z
      .array(z.string().min(1).max(1000))
      .max(1000)
      .optional()
      .describe("What holds between the columns of every row that makes sense: `instalment <= 0.5 * income`, `a + b == total`."),
    learn: z
      .boolean()
      .optional()
      .describe(
        "Whether simple rules between columns that hold in all of training are kept to as well. Left out: no; they are named in the report.",
      ),
  })
  .describe("What somebody who wants another answer can change.");
