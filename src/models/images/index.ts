export { type Alternative, alternativesTo, asPreparedBy } from "./alternatives.ts";
export { bindPicture } from "./bind.ts";
export { pictureFiller } from "./feed.ts";
export { type DeclaredPreparation, describePreparation, type Preparation } from "./preparation.ts";
export { valuesIn } from "./prepare.ts";
