import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address leads to this very machine, by its text alone: what is sent there never leaves it. */
export function isLoopback({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const family = isIP(host);
  return family === 0 ? /(^|\.)localhost$/i.test(host) : loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}
