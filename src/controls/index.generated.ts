// Made by `npm run generate` from the folders; a test fails when it is stale.
import type { AnyControl } from "./define.ts";
import { blackBox } from "./adversarial-attack/black-box/control.ts";
import { gradientMasking } from "./adversarial-attack/gradient-masking/control.ts";
import { whiteBox } from "./adversarial-attack/white-box/control.ts";
import { calibrationByGroup } from "./algorithm-bias/calibration-by-group/control.ts";
import { candidatesWorstGroup } from "./algorithm-bias/candidates-worst-group/control.ts";
import { counterfactualFlips } from "./algorithm-bias/counterfactual-flips/control.ts";
import { demographicParity } from "./algorithm-bias/demographic-parity/control.ts";
import { disparateImpact } from "./algorithm-bias/disparate-impact/control.ts";
import { equalOpportunity } from "./algorithm-bias/equal-opportunity/control.ts";
import { equalisedOdds } from "./algorithm-bias/equalised-odds/control.ts";
import { intersectionGaps } from "./algorithm-bias/intersection-gaps/control.ts";
import { conflictingLabels } from "./contaminated-data/conflicting-labels/control.ts";
import { splitOverlap } from "./contaminated-data/split-overlap/control.ts";
import { boundaryDistance } from "./evasion/boundary-distance/control.ts";
import { constrainedAccuracy } from "./evasion/constrained-accuracy/control.ts";
import { endpointLimits } from "./evasion/endpoint-limits/control.ts";
import { querySearch } from "./evasion/query-search/control.ts";
import { lossScreen } from "./membership-inference/loss-screen/control.ts";
import { classBalance } from "./unbalanced-data/class-balance/control.ts";
import { groupBalance } from "./unbalanced-data/group-balance/control.ts";
import { intersectionBalance } from "./unbalanced-data/intersection-balance/control.ts";
import { rareClassError } from "./unbalanced-data/rare-class-error/control.ts";
import { rareGroupError } from "./unbalanced-data/rare-group-error/control.ts";
import { beatsBaselines } from "./weak-algorithm/beats-baselines/control.ts";
import { calibration } from "./weak-algorithm/calibration/control.ts";
import { candidatesCompared } from "./weak-algorithm/candidates-compared/control.ts";
import { classConfusion } from "./weak-algorithm/class-confusion/control.ts";
import { corruption } from "./weak-algorithm/corruption/control.ts";
import { cost } from "./weak-algorithm/cost/control.ts";
import { enoughData } from "./weak-algorithm/enough-data/control.ts";
import { generalisationGap } from "./weak-algorithm/generalisation-gap/control.ts";
import { latency } from "./weak-algorithm/latency/control.ts";
import { oneColumnFlips } from "./weak-algorithm/one-column-flips/control.ts";
import { outOfDistribution } from "./weak-algorithm/out-of-distribution/control.ts";
import { picturePreparation } from "./weak-algorithm/picture-preparation/control.ts";
import { servedAnswers } from "./weak-algorithm/served-answers/control.ts";
import { servedLatency } from "./weak-algorithm/served-latency/control.ts";
import { size } from "./weak-algorithm/size/control.ts";
import { successMetric } from "./weak-algorithm/success-metric/control.ts";
import { weakSegments } from "./weak-algorithm/weak-segments/control.ts";

/** Every control, with the module that holds it. */
export const controls: readonly { readonly control: AnyControl; readonly module: string }[] = [
  { control: blackBox, module: new URL("./adversarial-attack/black-box/control.ts", import.meta.url).href },
  { control: gradientMasking, module: new URL("./adversarial-attack/gradient-masking/control.ts", import.meta.url).href },
  { control: whiteBox, module: new URL("./adversarial-attack/white-box/control.ts", import.meta.url).href },
  { control: calibrationByGroup, module: new URL("./algorithm-bias/calibration-by-group/control.ts", import.meta.url).href },
  { control: candidatesWorstGroup, module: new URL("./algorithm-bias/candidates-worst-group/control.ts", import.meta.url).href },
  { control: counterfactualFlips, module: new URL("./algorithm-bias/counterfactual-flips/control.ts", import.meta.url).href },
  { control: demographicParity, module: new URL("./algorithm-bias/demographic-parity/control.ts", import.meta.url).href },
  { control: disparateImpact, module: new URL("./algorithm-bias/disparate-impact/control.ts", import.meta.url).href },
  { control: equalOpportunity, module: new URL("./algorithm-bias/equal-opportunity/control.ts", import.meta.url).href },
  { control: equalisedOdds, module: new URL("./algorithm-bias/equalised-odds/control.ts", import.meta.url).href },
  { control: intersectionGaps, module: new URL("./algorithm-bias/intersection-gaps/control.ts", import.meta.url).href },
  { control: conflictingLabels, module: new URL("./contaminated-data/conflicting-labels/control.ts", import.meta.url).href },
  { control: splitOverlap, module: new URL("./contaminated-data/split-overlap/control.ts", import.meta.url).href },
  { control: boundaryDistance, module: new URL("./evasion/boundary-distance/control.ts", import.meta.url).href },
  { control: constrainedAccuracy, module: new URL("./evasion/constrained-accuracy/control.ts", import.meta.url).href },
  { control: endpointLimits, module: new URL("./evasion/endpoint-limits/control.ts", import.meta.url).href },
  { control: querySearch, module: new URL("./evasion/query-search/control.ts", import.meta.url).href },
  { control: lossScreen, module: new URL("./membership-inference/loss-screen/control.ts", import.meta.url).href },
  { control: classBalance, module: new URL("./unbalanced-data/class-balance/control.ts", import.meta.url).href },
  { control: groupBalance, module: new URL("./unbalanced-data/group-balance/control.ts", import.meta.url).href },
  { control: intersectionBalance, module: new URL("./unbalanced-data/intersection-balance/control.ts", import.meta.url).href },
  { control: rareClassError, module: new URL("./unbalanced-data/rare-class-error/control.ts", import.meta.url).href },
  { control: rareGroupError, module: new URL("./unbalanced-data/rare-group-error/control.ts", import.meta.url).href },
  { control: beatsBaselines, module: new URL("./weak-algorithm/beats-baselines/control.ts", import.meta.url).href },
  { control: calibration, module: new URL("./weak-algorithm/calibration/control.ts", import.meta.url).href },
  { control: candidatesCompared, module: new URL("./weak-algorithm/candidates-compared/control.ts", import.meta.url).href },
  { control: classConfusion, module: new URL("./weak-algorithm/class-confusion/control.ts", import.meta.url).href },
  { control: corruption, module: new URL("./weak-algorithm/corruption/control.ts", import.meta.url).href },
  { control: cost, module: new URL("./weak-algorithm/cost/control.ts", import.meta.url).href },
  { control: enoughData, module: new URL("./weak-algorithm/enough-data/control.ts", import.meta.url).href },
  { control: generalisationGap, module: new URL("./weak-algorithm/generalisation-gap/control.ts", import.meta.url).href },
  { control: latency, module: new URL("./weak-algorithm/latency/control.ts", import.meta.url).href },
  { control: oneColumnFlips, module: new URL("./weak-algorithm/one-column-flips/control.ts", import.meta.url).href },
  { control: outOfDistribution, module: new URL("./weak-algorithm/out-of-distribution/control.ts", import.meta.url).href },
  { control: picturePreparation, module: new URL("./weak-algorithm/picture-preparation/control.ts", import.meta.url).href },
  { control: servedAnswers, module: new URL("./weak-algorithm/served-answers/control.ts", import.meta.url).href },
  { control: servedLatency, module: new URL("./weak-algorithm/served-latency/control.ts", import.meta.url).href },
  { control: size, module: new URL("./weak-algorithm/size/control.ts", import.meta.url).href },
  { control: successMetric, module: new URL("./weak-algorithm/success-metric/control.ts", import.meta.url).href },
  { control: weakSegments, module: new URL("./weak-algorithm/weak-segments/control.ts", import.meta.url).href },
];
