import { readFileSync } from "node:fs";

/** The package's own name and version. */
export const tool = (() => {
  const { name, version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    name: string;
    version: string;
  };
  return { name, version };
})();

/** What a measurement ran on: enough to repeat it, nothing that names a machine or a person. */
export const environment = (): Record<string, string> => ({
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  sqlite: process.versions.sqlite ?? "",
});
