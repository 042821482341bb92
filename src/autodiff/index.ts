export type { Attributes, Builder, Pullback, Pulled, Value } from "./pullback.ts";
