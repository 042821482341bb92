import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (name: string) => new URL(`../../../../fixtures/endpoint/${name}.pem`, import.meta.url);
const key = readFileSync(at("signed-key"), "utf8");

/** A server's key and one of its certificates: see fixtures/endpoint/make.sh. */
export const certificate = (name: "signed" | "expired" | "self-signed") => ({ key, cert: readFileSync(at(name), "utf8") });

export const authority = fileURLToPath(at("authority"));
