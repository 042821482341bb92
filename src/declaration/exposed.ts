import { Problem, quoted } from "../base/index.ts";
import { type Access, isLoopback } from "../models/index.ts";
import { credentialsOf } from "./credentials.ts";
import type { Read } from "./read.ts";

/** Whether credentials would travel to this address in the clear, for anybody on the way to read and to change what is asked. */
export function isExposed({ url, credentials }: Pick<Access, "url" | "credentials">): boolean {
  const address = URL.canParse(url) ? new URL(url) : null;
  return address?.protocol === "http:" && !isLoopback(address) && credentials.length > 0;
}

/** Endpoints of a declaration that are sent credentials over http://, as warnings: nothing is refused for it. `variable` reads the environment. */
export function exposedCredentials({ declaration, place }: Read, variable: (name: string) => string | undefined): Problem[] {
  return (["models", "services"] as const).flatMap((section) =>
    (declaration[section] ?? []).flatMap(({ id, endpoint }, at) => {
      if (typeof endpoint !== "object") return [];
      const url = typeof endpoint.url === "string" ? endpoint.url : (variable(endpoint.url.env) ?? "");
      if (!isExposed({ url, credentials: credentialsOf(endpoint) })) return [];
      const what = `the credentials for the endpoint of ${quoted(id, 40)} (${new URL(url).host}) are sent over http://: anybody on the way can read them`;
      return [
        new Problem("ENDPOINT_UNENCRYPTED", what, {
          ...place([section, at, "endpoint", "url"]),
          remedy: "Let it answer over https://, and declare that address; then change the credentials that were sent.",
        }),
      ];
    }),
  );
}
