import type { Credential } from "../models/index.ts";
import type { EndpointDeclaration } from "./endpoint-schema.ts";

/** The headers that an endpoint is sent, and the environment variables that they are made from. */
export const credentialsOf = ({ headers = {}, bearer, basic }: EndpointDeclaration): Credential[] => [
  ...(bearer === undefined ? [] : [{ header: "Authorization", env: bearer.env, scheme: "Bearer" as const }]),
  ...(basic === undefined ? [] : [{ header: "Authorization", env: basic.env, scheme: "Basic" as const }]),
  ...Object.entries(headers).map(([header, { env }]) => ({ header, env, scheme: null })),
];

/** Names of the environment variables that hold the credentials of a declaration's endpoints. */
export function credentialNames(endpoints: readonly (EndpointDeclaration | string | undefined)[]): string[] {
  const asked = endpoints.filter((each) => typeof each === "object");
  return [...new Set(asked.flatMap((each) => credentialsOf(each).map(({ env }) => env)))];
}
