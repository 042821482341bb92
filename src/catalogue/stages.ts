import type { Stage } from "./schema.ts";

export const stages: readonly Stage[] = [
  {
    id: "planning",
    title: "Planning",
    short: "Planning",
    says: "The scope, the measure of success and the feasibility are settled.",
    parts: [],
  },
  {
    id: "data-preparation",
    title: "Data preparation",
    short: "Data",
    says: "Data is collected, labelled, cleaned, processed and kept.",
    parts: [
      { id: "collection-and-labelling", title: "Collection and labelling" },
      { id: "cleaning", title: "Cleaning" },
      { id: "processing", title: "Processing" },
      { id: "management", title: "Management" },
    ],
  },
  {
    id: "model-design",
    title: "Model design",
    short: "Design",
    says: "An algorithm is chosen for what it achieves, how it scales, what it withstands and what it costs.",
    parts: [],
  },
  {
    id: "development",
    title: "Model training and development",
    short: "Development",
    says: "The model is trained, and tested on data it never saw: its errors, its robustness and its speed.",
    parts: [],
  },
  {
    id: "deployment",
    title: "Model deployment",
    short: "Deployment",
    says: "The model goes into the running system.",
    parts: [],
  },
  {
    id: "operation",
    title: "Operation, monitoring and maintenance",
    short: "Operation",
    says: "The running system is watched, kept up and improved.",
    parts: [],
  },
];
