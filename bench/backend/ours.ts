/** One node test, in a child of its own: native code that dies takes only itself along. */
import { runCase, type Tolerance, type Verdict } from "../../src/models/backend.fixture.ts";

export const run = ({ folder, tolerance }: { folder: string; tolerance: Tolerance }): Promise<Verdict> => runCase(folder, tolerance);
