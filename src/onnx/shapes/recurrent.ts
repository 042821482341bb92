import { intOf } from "../attributes.ts";
import { type Call, dim, input, known, mismatch, ofRank, type Rule } from "./call.ts";

/** Shapes of the whole sequence of states and of the last one. */
export function statesOf(call: Call, hidden: number, directions: number) {
  const x = ofRank(call, 0, 3);
  const isBatchFirst = intOf(call.node, "layout", 0) !== 0;
  const [length, batch] = isBatchFirst ? [dim(x, 1), dim(x, 0)] : [dim(x, 0), dim(x, 1)];
  return isBatchFirst
    ? { all: [batch, length, directions, hidden], last: [batch, directions, hidden] }
    : { all: [length, directions, batch, hidden], last: [directions, batch, hidden] };
}

/** Y, the last state and, for an LSTM, the last cell. `gates` are the blocks of its weights. */
const recurrent =
  (gates: number): Rule =>
  (call) => {
    const [x, w, r] = [ofRank(call, 0, 3), ofRank(call, 1, 3), ofRank(call, 2, 3)];
    const hidden = dim(r, 2);
    if (dim(w, 1) !== gates * hidden || dim(r, 1) !== gates * hidden) mismatch(call, `its weights are not ${gates} blocks of ${hidden}`);
    if (dim(w, 2) !== dim(x, 2)) mismatch(call, `weights for ${dim(w, 2)} features do not go with ${dim(x, 2)}`);
    const { all, last } = statesOf(call, hidden, dim(w, 0));
    const { element } = input(call, 0);
    return [known(element, all), known(element, last), known(element, last)];
  };

export const recurrence: Readonly<Record<string, Rule>> = { RNN: recurrent(1), GRU: recurrent(3), LSTM: recurrent(4) };
