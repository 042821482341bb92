/** Commands of the pages that are not run with them, each with the reason and with what runs it instead. */
export const elsewhere: readonly { readonly command: string; readonly why: string; readonly runIn: string }[] = [
  { command: "npm ci && npm start", why: "installs from the registry", runIn: ".ci/run" },
  { command: "npm ci && npm test", why: "installs from the registry, and this test is a part of it", runIn: ".ci/run" },
  { command: "npm pack", why: "builds, which takes its time", runIn: "scripts/pack.test.ts" },
  {
    command: "npm install --ignore-scripts path/to/sextant-ai-0.1.0.tgz",
    why: "installs from the registry",
    runIn: "scripts/pack.test.ts",
  },
  { command: "npm run example:service", why: "starts a server of its own", runIn: "src/cli/example-service.test.ts" },
  { command: "npm run generate && npm run format", why: "writes into the clone", runIn: "scripts/gate.ts" },
  { command: "npx vitest run src/controls", why: "is a part of the gate", runIn: "scripts/gate.ts" },
];
