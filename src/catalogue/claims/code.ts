import type { Claim } from "../schema.ts";

/** Of the threat code-vulnerability, and of the libraries that the system runs on. */
export const codeClaims: readonly Claim[] = [
  {
    id: "code-vulnerability/known-vulnerabilities",
    title: "No known vulnerability",
    says: "No dependency has a known vulnerability at or above the limit's severity.",
    wants: "lockfiles, and a database of advisories",
    owner: "developer",
  },
  {
    id: "code-vulnerability/malicious-packages",
    title: "No malicious package",
    says: "No dependency is reported as malicious.",
    wants: "lockfiles, and a database of advisories",
    owner: "developer",
  },
  {
    id: "code-vulnerability/pinned-dependencies",
    title: "Dependencies pinned",
    says: "Every dependency, direct or not, is pinned to one version and its digest.",
    wants: "lockfiles",
    owner: "developer",
  },
  {
    id: "code-vulnerability/executable-files",
    title: "No file that executes",
    says: "No model or data file holds code that runs when the file is loaded.",
    wants: "the model and data files",
    owner: "developer",
  },
  {
    id: "code-vulnerability/dangerous-patterns",
    title: "No dangerous code pattern",
    says: "The code neither runs text as code, nor loads unsafe formats, nor holds secrets, beyond the accepted findings.",
    wants: "folders of source code",
    owner: "developer",
  },
  {
    id: "library-stability/soak",
    title: "Libraries run stably",
    says: "Under steady load for the limit's time, nothing crashes, memory stops growing and answers stay as fast and the same.",
    wants: "the model or an endpoint, and inputs to repeat",
    owner: "developer",
  },
  {
    id: "library-stability/supported-versions",
    title: "Libraries are supported",
    says: "No dependency or runtime is past its end of life, withdrawn or deprecated.",
    wants: "lockfiles, and a database of releases",
    owner: "developer",
  },
];
