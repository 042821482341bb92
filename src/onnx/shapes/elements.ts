import type { Element } from "../program.ts";

export const floats: readonly Element[] = ["float32", "float64", "float16", "bfloat16"];

/** Bytes of one value, at least: opaque types are counted as one, texts as eight. */
export const widths: Readonly<Record<Element, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  string: 8,
  opaque: 1,
};
