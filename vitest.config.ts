import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// What one process compiled the next need not: hundreds are started, and each reads the whole of Sextant.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL(".cache", import.meta.url));

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    unstubEnvs: true,
  },
});
