/** When versions stop being mended, from those who make them. Data: read again, and dated again, with each release. */
export interface Lives {
  /** The day this table was last brought up to date. */
  readonly asOf: string;
  readonly products: Readonly<Record<string, Product>>;
}

export interface Product {
  readonly title: string;
  readonly source: string;
  /** What to do about a version past its end, in the imperative. */
  readonly remedy: string;
  /** By version: the last day with mends of security. Of Debian and Ubuntu that is long-term support without a contract. */
  readonly ends: Readonly<Record<string, string>>;
}

/**
 * Compared on 2026-11-25 with endoflife.date as it stood on `asOf`, the schedule in npm's `node-releases` 2.0.65, and Debian's `distro-info-data` 0.58+deb12u6. Where they
 * differ by days, what the makers' own pages say stands. What came out after `asOf` (Python 3.15, Ubuntu 26.10) is not in it.
 */
export const lives: Lives = {
  asOf: "2026-08-22",
  products: {
    node: {
      title: "Node",
      source: "https://github.com/nodejs/Release",
      remedy: "Install a Node that is still mended (nodejs.org); even numbers live longest.",
      ends: {
        18: "2025-04-30",
        19: "2023-06-01",
        20: "2026-04-30",
        21: "2024-06-01",
        22: "2027-04-30",
        23: "2025-06-01",
        24: "2028-04-30",
        25: "2026-06-01",
        26: "2029-04-30",
        27: "2030-04-30",
      },
    },
    python: {
      title: "Python",
      source: "https://devguide.python.org/versions/",
      remedy: "Install a Python that is still mended (python.org): models are exported with it.",
      ends: {
        2.7: "2020-01-01",
        3.6: "2021-12-23",
        3.7: "2023-06-27",
        3.8: "2024-10-07",
        3.9: "2025-10-31",
        "3.10": "2026-10-31",
        3.11: "2027-10-31",
        3.12: "2028-10-31",
        3.13: "2029-10-31",
        3.14: "2030-10-31",
      },
    },
    debian: {
      title: "Debian",
      source: "https://wiki.debian.org/DebianReleases",
      remedy: "Upgrade to a Debian release that is still mended.",
      ends: { 9: "2022-07-01", 10: "2024-06-30", 11: "2026-08-31", 12: "2028-06-30", 13: "2030-06-30" },
    },
    ubuntu: {
      title: "Ubuntu",
      source: "https://wiki.ubuntu.com/Releases",
      remedy: "Upgrade to an Ubuntu release that is still mended.",
      ends: {
        18.04: "2023-05-31",
        20.04: "2025-05-31",
        22.04: "2027-04-01",
        24.04: "2029-05-31",
        "24.10": "2025-07-10",
        25.04: "2026-01-17",
        "25.10": "2026-07-01",
        26.04: "2031-04-30",
      },
    },
    alpine: {
      title: "Alpine Linux",
      source: "https://alpinelinux.org/releases/",
      remedy: "Upgrade to an Alpine release that is still mended.",
      ends: { 3.19: "2025-11-01", "3.20": "2026-04-01", 3.21: "2026-11-01", 3.22: "2027-05-01", 3.23: "2027-11-01", 3.24: "2028-06-01" },
    },
  },
};

/** The last day of a version, by as many of its leading parts as the table knows; null where it knows none. */
export function endOf(product: string, version: string, table: Lives): string | null {
  const ends = table.products[product]?.ends ?? {};
  const parts = /^v?(\d+)(?:\.(\d+))?/.exec(version);
  if (parts === null) return null;
  const [, major = "", minor] = parts;
  return ends[`${major}.${minor}`] ?? ends[major] ?? null;
}
