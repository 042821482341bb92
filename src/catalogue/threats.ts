import type { Threat } from "./schema.ts";

const atlas = (id: string, name: string) => ({ scheme: "MITRE ATLAS", release: "5.6.0", id, name });

export const threats: readonly Threat[] = [
  {
    id: "algorithm-bias",
    title: "Algorithm bias",
    says: "The model treats some groups of people worse than others without a reason that would justify it.",
    references: [],
  },
  {
    id: "code-vulnerability",
    title: "Code vulnerability",
    says: "A library, a model file or the system's own code lets an attacker in.",
    references: [atlas("AML.T0010.001", "AI Software"), atlas("AML.T0011.000", "Unsafe AI Artifacts")],
  },
  {
    id: "unbalanced-data",
    title: "Unbalanced data",
    says: "Some classes or groups are too rare in the training data for the model to learn them.",
    references: [],
  },
  {
    id: "data-poisoning",
    title: "Data poisoning",
    says: "Somebody plants or changes training data, so that the model learns what suits them.",
    references: [
      atlas("AML.T0010.002", "Data"),
      atlas("AML.T0018.000", "Poison AI Model"),
      atlas("AML.T0019", "Publish Poisoned Datasets"),
      atlas("AML.T0020", "Poison Training Data"),
    ],
  },
  {
    id: "evasion",
    title: "Evasion",
    says: "Somebody who can only send inputs changes one, within what the real world allows, to get the answer they want.",
    references: [atlas("AML.T0015", "Evade AI Model"), atlas("AML.T0043.001", "Black-Box Optimization")],
  },
  {
    id: "membership-inference",
    title: "Membership inference",
    says: "From the model one can tell whether a particular record was in the training data.",
    references: [atlas("AML.T0024.000", "Infer Training Data Membership")],
  },
  {
    id: "model-extraction",
    title: "Model extraction",
    says: "Somebody copies the model by collecting its answers.",
    references: [atlas("AML.T0024.002", "Extract AI Model")],
  },
  {
    id: "model-inversion",
    title: "Model inversion",
    says: "From the model one can reconstruct training records, or attributes of people that they never gave away.",
    references: [atlas("AML.T0024.001", "Invert AI Model")],
  },
  {
    id: "dataset-compromise",
    title: "Dataset compromise",
    says: "Somebody without authority reads, uses, discloses, disrupts, changes or destroys the training data.",
    references: [atlas("AML.T0025", "Exfiltration via Cyber Means"), atlas("AML.T0035", "AI Artifact Collection")],
  },
  {
    id: "weak-algorithm",
    title: "Weak algorithm",
    says: "The algorithm is not good enough for the data that it is given.",
    references: [],
  },
  {
    id: "unexplainability",
    title: "Unexplainability",
    says: "Nobody can say why the model decided as it did.",
    references: [],
  },
  {
    id: "adversarial-attack",
    title: "Adversarial attack",
    says: "Somebody who may know the model inside out computes small changes to inputs that make it fail: the worst case.",
    references: [
      atlas("AML.T0043", "Craft Adversarial Data"),
      atlas("AML.T0043.000", "White-Box Optimization"),
      atlas("AML.T0043.002", "Black-Box Transfer"),
    ],
  },
  {
    id: "contaminated-data",
    title: "Contaminated data",
    says: "Corrupt, distorted, shifted or leaked data goes into training, testing or the running service.",
    references: [atlas("AML.T0059", "Erode Dataset Integrity")],
  },
];
