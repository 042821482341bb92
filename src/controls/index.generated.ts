// Made by `npm run generate` from the folders; a test fails when it is stale.
import type { AnyControl } from "./define.ts";

/** Every control, with the module that holds it. */
export const controls: readonly { readonly control: AnyControl; readonly module: string }[] = [
];
