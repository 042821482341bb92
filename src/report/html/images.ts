import type { Result } from "../../assess/index.ts";
import type { Digest } from "../../base/index.ts";
import { html, type Markup, trusted } from "./markup.ts";

/** Data of pictures in base64, by digest: what the page shows. */
export type Images = ReadonlyMap<Digest, string>;

/** All pictures of a page together, in bytes. */
const mostBytes = 8 * 2 ** 20;

/** Reads the pictures of these results, until the page would become too large. */
export async function imagesOf(
  results: readonly Pick<Result, "pictures">[],
  attached: ((digest: Digest) => Promise<Buffer | null>) | undefined,
): Promise<Images> {
  const images = new Map<Digest, string>();
  let left = mostBytes;
  for (const digest of new Set(results.flatMap(({ pictures }) => pictures.map((picture) => picture.digest)))) {
    const bytes = await attached?.(digest);
    if (!bytes || bytes.length > left) continue;
    left -= bytes.length;
    images.set(digest, bytes.toString("base64"));
  }
  return images;
}

/** The pictures of a result, each with what it shows; of one that is not at hand, what it showed. */
export function imagesPart({ pictures }: Pick<Result, "pictures">, images: Images): Markup {
  if (pictures.length === 0) return html``;
  const shown = pictures.map(({ says, digest }) => {
    const data = images.get(digest);
    const picture =
      data === undefined
        ? html`<span class="fine">not at hand</span>`
        : html`<img alt="${says}" src="data:image/png;base64,${trusted(data)}">`;
    return html`<figure>${picture}<figcaption>${says}</figcaption></figure>`;
  });
  return html`<div class="images">${shown}</div>`;
}
