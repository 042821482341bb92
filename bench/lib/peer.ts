import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A Python program that stays: each question is a line of JSON and so is its answer. */
export interface Peer extends AsyncDisposable {
  ask<T>(question: { readonly [name: string]: unknown }): Promise<T>;
}

export function startPeer(python: string, script: URL, args: readonly string[]): Peer {
  const child = spawn(python, [script.pathname, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<T>(question: { readonly [name: string]: unknown }) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error("the peer has ended before it answered");
      return JSON.parse(value) as T;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
