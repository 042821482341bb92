import type { MetricName } from "../../../tensor/index.ts";
import type { Measure, Series, Unit } from "../../measured.ts";
import { metricWords } from "../scores/words.ts";

interface Point {
  readonly id: string;
  readonly x: number;
  readonly y: Measure;
}

/** What costs, and how its axis is called. */
const axes: readonly { readonly name: string; readonly label: string; readonly unit: Unit }[] = [
  { name: "latency-p99", label: "time of an answer, 99th percentile", unit: "ms" },
  { name: "size", label: "size of the file", unit: "bytes" },
  { name: "time-per-million", label: "machine time for a million answers", unit: "ms" },
  { name: "memory", label: "memory of a process that answers", unit: "bytes" },
];

/** The measure of success against each cost, one plot a cost that two candidates or more have, with those that nothing beats joined. */
export function frontsOf(columns: readonly Measure[], metric: MetricName): Series[] {
  const { says, unit } = metricWords[metric];
  const better = metric === "log-loss" ? -1 : 1;
  return axes.flatMap(({ name, label, unit: costUnit }): Series[] => {
    const points = columns.flatMap((measure): Point[] => {
      const success = columns.find((each) => each.name === metric && each.of?.candidate === measure.of?.candidate);
      return measure.name !== name || success === undefined ? [] : [{ id: String(measure.of?.candidate), x: measure.value, y: success }];
    });
    if (points.length < 2) return [];
    const beats = (a: Point, b: Point) =>
      a.x <= b.x && better * a.y.value >= better * b.y.value && (a.x < b.x || better * a.y.value > better * b.y.value);
    const front = [...points.keys()]
      .filter((at) => !points.some((other) => beats(other, points[at]!)))
      .sort((a, b) => points[a]!.x - points[b]!.x);
    return [
      {
        name: `${says} against ${label}`,
        kind: "points",
        x: { label, unit: costUnit, values: points.map(({ x }) => x) },
        y: { label: says, unit, values: points.map(({ y }) => y.value) },
        low: points.map(({ y }) => y.low ?? y.value),
        high: points.map(({ y }) => y.high ?? y.value),
        labels: points.map(({ id }) => id),
        front,
      },
    ];
  });
}
