import type { Stakeholder } from "./schema.ts";

export const stakeholders: readonly Stakeholder[] = [
  {
    id: "management",
    title: "Management",
    answersFor: "Answers for goals, resources and ethics: that every threat is known, and that something is done about it.",
  },
  {
    id: "architect",
    title: "Architect",
    answersFor: "Answers for the choice of algorithm and for the risks that the design itself brings along.",
  },
  {
    id: "data-scientist",
    title: "Data scientist",
    answersFor: "Answers for the data: its fitness, its balance, its protection and what a model learns from it.",
  },
  {
    id: "developer",
    title: "Developer",
    answersFor: "Answers for the code, its libraries and the model's defences.",
  },
  {
    id: "operator",
    title: "Operator",
    answersFor: "Answers for the running service: that it is watched, kept up and explained to its users.",
  },
  {
    id: "user",
    title: "User",
    answersFor: "Answers for nothing; is owed an account of what the service is for and how its decisions affect people.",
  },
];
