import { isMissing, type Need } from "../define.ts";
import { value } from "./splits.ts";

/** A need that may stay open: null where it is missing. */
export const optional = <T>(need: Need<T>): Need<T | null> => ({
  per: need.per,
  plan(scope) {
    const planned = need.plan(scope);
    return isMissing(planned) ? value(null) : planned;
  },
  view: (seen) => (seen === null ? null : need.view(seen)),
});
