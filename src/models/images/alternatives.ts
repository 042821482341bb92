import type { ImageColumn } from "../../data/index.ts";
import type { Colours, Preparation } from "./preparation.ts";

/** Another usual way of preparing pictures, and how it is declared. */
export interface Alternative {
  /** In words that follow "prepared with". */
  readonly name: string;
  /** What to write in sextant.yaml; null where the pictures themselves would have to change. */
  readonly declare: string | null;
  readonly colours: Colours;
  readonly range: readonly [number, number];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Rows and columns exchanged. */
  readonly transposed: boolean;
}

/** ImageNet's means and standard deviations, as torchvision and Caffe have them: of [0, 1] in red, green, blue; of [0, 255] in blue, green, red. */
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const caffe = [103.939, 116.779, 123.68];

/** The usual ways other than the one that is chosen. `shades` are mean and standard deviation of the pictures at hand, black being 0 and white 1, for each channel. */
export function alternativesTo(
  chosen: Preparation,
  shades: { readonly mean: readonly number[]; readonly std: readonly number[] },
  isBytes: boolean,
): Alternative[] {
  const channels = chosen.mean.length;
  const all = (value: number) => Array.from({ length: channels }, () => value);
  const { colours, range, mean, std } = chosen;
  const same = { colours, range, mean, std, transposed: false };
  const plain = { ...same, mean: all(0), std: all(1) };
  const inverted: Alternative = {
    ...same,
    name: "black and white exchanged",
    declare: `range: [${range[1]}, ${range[0]}]`,
    range: [range[1], range[0]],
  };
  const turned: Alternative = { ...same, name: "rows and columns exchanged", declare: null, transposed: true };
  const other: Alternative = {
    ...same,
    name: "red and blue exchanged",
    declare: `colours: ${colours === "bgr" ? "rgb" : "bgr"}`,
    colours: colours === "bgr" ? "rgb" : "bgr",
  };
  const numbers: Alternative[] = [
    { ...plain, name: "black as 0 and white as 1", declare: "range: [0, 1]", range: [0, 1] },
    { ...plain, name: "black as -1 and white as 1", declare: "range: [-1, 1]", range: [-1, 1] },
    { ...plain, name: "black as 0 and white as 255", declare: "range: [0, 255]", range: [0, 255] },
    {
      ...plain,
      ...rounded(shades),
      name: "mean and standard deviation of these pictures",
      declare: `range: [0, 1], ${shown(rounded(shades))}`,
      range: [0, 1],
    },
    ...(channels === 1
      ? []
      : [
          {
            ...plain,
            ...imageNet,
            name: "ImageNet's mean and standard deviation",
            declare: `range: [0, 1], ${shown(imageNet)}`,
            range: [0, 1] as const,
          },
          {
            ...plain,
            colours: "bgr" as const,
            mean: caffe,
            name: "blue, green and red less ImageNet's mean, up to 255",
            declare: `colours: bgr, range: [0, 255], mean: [${caffe.join(", ")}]`,
            range: [0, 255] as const,
          },
        ]),
  ];
  const ways = [
    ...(isBytes ? [] : numbers),
    inverted,
    ...(channels === 1 ? [] : [other]),
    ...(chosen.height === chosen.width ? [turned] : []),
  ];
  return ways.filter((way) => way.transposed || !isEqual(way, chosen));
}

const rounded = ({ mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] }) => {
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  return { mean: mean.map(round), std: std.map((value) => round(value) || 1) };
};

const shown = ({ mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] }) =>
  `mean: [${mean.join(", ")}], std: [${std.join(", ")}]`;

/** Whether two ways give nearly the same numbers: a hundredth of the way from black to white apart. */
function isEqual(a: Alternative, b: Preparation): boolean {
  const ends = ({ range, mean, std }: Pick<Preparation, "range" | "mean" | "std">) =>
    range.flatMap((value) => mean.map((less, channel) => (value - less) / std[channel]!));
  const [one, other] = [ends(a), ends(b)];
  const apart = Math.max(...one) - Math.min(...one);
  return a.colours === b.colours && one.every((value, at) => Math.abs(value - other[at]!) < apart / 100);
}

/**
 * The pictures changed so that, prepared as chosen, they give the model the numbers that the alternative would give it: one session serves all ways. Where the
 * model takes bytes, they are rounded.
 */
export function asPreparedBy(column: ImageColumn, way: Alternative, chosen: Preparation): ImageColumn {
  const { height, width, channels, range } = column;
  const plane = height * width;
  const [black, white] = range;
  const channelOf = (colours: Colours, channel: number) => (colours === "bgr" ? channels - 1 - channel : channel);
  return {
    ...column,
    async read(rows) {
      const values = await column.read(rows);
      const made = new Float32Array(values.length);
      for (let channel = 0; channel < channels; channel++) {
        const [from, to] = [channelOf(way.colours, channel), channelOf(chosen.colours, channel)];
        const [less, by, more, times] = [way.mean[channel]!, way.std[channel]!, chosen.mean[channel]!, chosen.std[channel]!];
        for (let start = 0; start < values.length; start += plane * channels)
          for (let pixel = 0; pixel < plane; pixel++) {
            const source = way.transposed ? (pixel % width) * width + Math.floor(pixel / width) : pixel;
            const light = (values[start + source * channels + from]! - black) / (white - black || 1);
            const wanted = (way.range[0] + light * (way.range[1] - way.range[0]) - less) / by;
            made[start + pixel * channels + to] = wanted * times + more;
          }
      }
      return made;
    },
    resized: (to) => asPreparedBy(column.resized(to), way, chosen),
  };
}
