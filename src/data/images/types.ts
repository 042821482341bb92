import { dirname, join } from "node:path";
import type { TableSource } from "../table.ts";

/** How pictures are brought to a size, as Pillow and torchvision do it. */
export interface Resizing {
  readonly height: number;
  readonly width: number;
  /** `stretch` changes proportions; `crop` keeps them and cuts the middle out; `pad` keeps them and adds black. */
  readonly fit: "stretch" | "crop" | "pad";
  /** Of `crop`: what the shorter side becomes before the middle is cut out; left out, no more than needed. */
  readonly shorter?: number;
  readonly filter: Filter;
}

export const filters = ["nearest", "box", "bilinear", "bicubic", "lanczos"] as const;
export type Filter = (typeof filters)[number];

export interface PictureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** One picture: row-major [height, width, channels]; grey, or red, green and blue. */
export interface Picture extends PictureShape {
  readonly values: PictureValues;
  /** What its file says and nobody asked for: an orientation that is not followed, transparency that is left out. */
  readonly passedOver?: readonly PassedOver[];
}

export type PassedOver = "orientation" | "transparency";

/** 0 to 255, or what an array of floats holds. */
export type PictureValues = Uint8Array | Float32Array;

// Types and not interfaces where they are part of what a cache key is made of: plain JSON.

/** What the pictures of a split are as a whole. */
export type PictureFacts = {
  /** Of every picture; null where they differ in size. */
  readonly size: { readonly height: number; readonly width: number } | null;
  readonly channels: 1 | 3;
  readonly values: "bytes" | "floats";
  readonly min: number;
  readonly max: number;
};

/** Where a split's pictures lie and how they are read. Names of files are relative to the folder of the source's `path`. */
export type PictureSource = {
  /** What the column of pictures is called. */
  readonly column: string;
  readonly from: FolderPictures | IndexedPictures | ArrayPictures;
  /** Turn pictures as their camera noted that they should be. Pillow does not by itself, and hence most training does not. */
  readonly turned?: boolean;
  /** As declared: grey is repeated, colours become grey. Left out: as they are, all alike. */
  readonly channels?: 1 | 3;
  /** As they were found. */
  readonly facts?: PictureFacts;
};

/** Folders of pictures in the source's folder, each called like the label. */
export type FolderPictures = {
  readonly kind: "folders";
  readonly label: string;
};

/** A table (the source's `path`) that names a picture in each row: the column of pictures is the column of names. */
export type IndexedPictures = {
  readonly kind: "index";
  readonly format: TableSource["format"];
  readonly folder: string;
};

/** One array of pictures (the source's `path`: .npy, .npz or IDX) and one of labels. */
export type ArrayPictures = {
  readonly kind: "arrays";
  /** In an .npz file: the array's name. */
  readonly array?: string;
  readonly labels?: { readonly file: string; readonly array?: string };
  readonly label: string;
  /** Axes after the first: where they do not tell. */
  readonly layout?: "HWC" | "CHW";
  /** Of pictures written as one row of numbers each. */
  readonly size?: { readonly height: number; readonly width: number };
  /** What the labels' numbers mean, from 0 on. */
  readonly names?: readonly string[];
};

/** A file or folder that a source of pictures names, absolute. */
export const besides = (path: string, name: string): string => join(dirname(path), name);

/** What a source of pictures lies in beside its `path`. */
export function besidePath(path: string, pictures: PictureSource | undefined): string[] {
  const from = pictures?.from;
  if (from?.kind === "index") return [besides(path, from.folder)];
  return from?.kind === "arrays" && from.labels !== undefined ? [besides(path, from.labels.file)] : [];
}
