/**
 * Counts of (true label, answer) as a row-major [classes, classes] matrix: the row is the truth. Rows whose label is not known (negative) do not count. With `weights`, row r
 * counts weights[r] times.
 */
export function confusion(labels: Int32Array, answers: Int32Array, classes: number, weights?: Int32Array): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row]! >= 0) counts[labels[row]! * classes + answers[row]!]! += weights === undefined ? 1 : weights[row]!;
  }
  return counts;
}

/** What a confusion matrix says of each class: NaN where nothing is known (recall of a class without rows, precision of one never answered). */
export interface ClassRates {
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  readonly f1: Float64Array;
}

export function classRates(counts: Float64Array, classes: number): ClassRates {
  const rates = { recall: new Float64Array(classes), precision: new Float64Array(classes), f1: new Float64Array(classes) };
  for (let each = 0; each < classes; each++) {
    let [truly, answered] = [0, 0];
    for (let other = 0; other < classes; other++) {
      truly += counts[each * classes + other]!;
      answered += counts[other * classes + each]!;
    }
    const hits = counts[each * classes + each]!;
    rates.recall[each] = hits / truly;
    rates.precision[each] = hits / answered;
    rates.f1[each] = (2 * hits) / (truly + answered);
  }
  return rates;
}

/** Each combination of codes that occurs, once: its rows, and its code in each column. */
export interface JointCounts {
  readonly counts: Float64Array;
  /** Per column, the code of each combination. */
  readonly codes: readonly Int32Array[];
}

/**
 * Rows counted by their combination of codes over several columns of equal length, such as the truth and two models' answers: all that paired comparisons of answers rest on,
 * for `bootstrapCounts`. Combinations stand in the order in which they first occur.
 */
export function jointCounts(columns: readonly Int32Array[]): JointCounts {
  const rows = columns[0]?.length ?? 0;
  const places = new Map<string, number>();
  const counts: number[] = [];
  const first: number[] = [];
  for (let row = 0; row < rows; row++) {
    let key = "";
    for (const column of columns) key += `${column[row]},`;
    const place = places.get(key);
    if (place !== undefined) counts[place]! += 1;
    else {
      places.set(key, counts.length);
      counts.push(1);
      first.push(row);
    }
  }
  return { counts: Float64Array.from(counts), codes: columns.map((column) => Int32Array.from(first, (row) => column[row]!)) };
}
