import { Problem } from "../../base/index.ts";
import { isLoopback } from "./loopback.ts";

/** Environment variables by which people name proxies: the small ones count before the large ones. */
export const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"] as const;

export interface Proxies {
  /** As an address. It may hold credentials. */
  readonly uri: string;
  /** Hosts that are asked without it, as the environment lists them. */
  readonly noProxy: string;
}

type Environment = { readonly [name: string]: string | undefined };

/** The proxy that the environment names for an address, unless it is this very machine's; null where it names none. Throws ENDPOINT_UNREACHABLE where what it names is no proxy. */
export function proxiesFor(address: URL, environment: Environment): Proxies | null {
  const first = (...names: readonly (typeof proxyVariables)[number][]) => {
    const name = names.find((each) => (environment[each] ?? "").trim() !== "");
    return name === undefined ? null : { name, text: environment[name]?.trim() ?? "" };
  };
  const named = address.protocol === "https:" ? first("https_proxy", "HTTPS_PROXY") : first("http_proxy", "HTTP_PROXY");
  if (named === null || isLoopback(address)) return null;
  const uri = named.text.includes("://") ? named.text : `http://${named.text}`;
  if (!URL.canParse(uri) || !/^https?:\/\/[^/]/i.test(uri))
    throw new Problem("ENDPOINT_UNREACHABLE", `the environment variable ${named.name} holds no address of a proxy`, {
      remedy: `Write it as \`export ${named.name}=http://HOST:PORT\`, or take it away; NO_PROXY lists hosts that need none.`,
    });
  return { uri, noProxy: first("no_proxy", "NO_PROXY")?.text ?? "" };
}
