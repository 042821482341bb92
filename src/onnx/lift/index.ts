export { liftProgram } from "./lift.ts";
export { tidy } from "./tidy.ts";
