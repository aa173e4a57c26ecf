import type { AdminCall } from './admin-call.ts';
import { auditEntry, page } from './admin-answers.ts';
import type { AuditEntry, Page } from './admin-answers.ts';
import { listing, making, reading, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';

/** A sealed audit entry with its place in the tenant's chain. */
export interface SealedAuditEntry extends AuditEntry {
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/** Which sealed entries are looked for. Times are RFC 3339 in UTC. */
export interface AuditSearchRequest extends PageRequest {
  readonly from?: string;
  readonly until?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly outcome?: string;
}

/** A part of an export. */
export interface AuditExportPage {
  /** Without their line ends. */
  readonly lines: readonly string[];
  /** Give it as `afterSeq` for what follows; absent at the end. */
  readonly next?: number | undefined;
}

/** What was signed about a chain at a moment. */
export interface AuditCheckpointItem {
  readonly size: number;
  readonly createdAt: string;
  readonly line: string;
}

/** The public key that signs checkpoints, as a JWK (RFC 8037). */
export interface AuditKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly kid: string;
}

/** A proof over a chain of `size` entries (RFC 9162 section 2.1). */
export interface AuditProof {
  readonly size: number;
  readonly root: string;
  readonly proof: readonly string[];
  /** Of a proof of inclusion, the entry's hash. */
  readonly leaf?: string | undefined;
}

/** How long a tenant keeps its audit entries. */
export interface AuditRetention {
  /** Days, at least; absent: for ever. */
  readonly keepDays?: number | undefined;
  /** Entries from the first on that were pruned; the chain begins behind them. */
  readonly prunedThroughSeq: number;
}

/** What a pruning took away. */
export interface AuditPruning {
  readonly prunedThroughSeq: number;
  readonly entries: number;
}

/** Reads what was done in a tenant. */
export interface AuditAdmin {
  /** Oldest first, entries that are not sealed yet among them. */
  list(filter?: PageRequest & { readonly resource?: string }): Promise<Page<AuditEntry>>;
  /** Sealed entries, newest first. */
  search(filter?: AuditSearchRequest): Promise<Page<SealedAuditEntry>>;
  /** A part of the chain, in its order; `format` is `jsonl`, `cef` or `otlp`. */
  exportPage(part?: {
    readonly afterSeq?: number;
    readonly limit?: number;
    readonly format?: string;
    readonly signal?: AbortSignal;
  }): Promise<AuditExportPage>;
  checkpoints(part?: {
    readonly afterSize?: number;
    readonly limit?: number;
    readonly signal?: AbortSignal;
  }): Promise<{ readonly items: readonly AuditCheckpointItem[]; readonly next?: number | undefined }>;
  key(): Promise<AuditKey>;
  retention(): Promise<AuditRetention>;
  /** Entries are kept for so many days at least, 30 to 3,650; older ones can be pruned. */
  setRetention(keepDays: number): Promise<AuditRetention>;
  /**
   * Takes away what was exported, signed over and is older than the tenant keeps it. `throughSeq` and `hash` are those of the last entry
   * of an export that was verified.
   */
  prune(exported: { readonly throughSeq: number; readonly hash: string }): Promise<AuditPruning>;
  /** Makes every personal fact about a subject unreadable, for ever; `isNew` is false when it had been done before. */
  erase(subjectId: string): Promise<{ readonly subjectId: string; readonly isNew: boolean }>;
  /** That entry `seq` is among the first `size`; all without it. */
  proveInclusion(claim: { readonly seq: number; readonly size?: number }): Promise<AuditProof>;
  /** That the first `size` entries begin with the first `earlier`. */
  proveConsistency(claim: { readonly earlier: number; readonly size?: number }): Promise<AuditProof>;
}

const sealedEntry = object<Pick<SealedAuditEntry, 'seq' | 'hash'>>({ seq: wholeNumber, hash: string });
const readSealed = (value: Parameters<typeof auditEntry>[0], at: string): SealedAuditEntry => ({
  ...auditEntry(value, at),
  ...sealedEntry(value, at),
});
const exportPage = object<AuditExportPage>({ lines: list(string), next: optional(wholeNumber) });
const checkpointItem = object<AuditCheckpointItem>({ size: wholeNumber, createdAt: string, line: string });
const checkpointPage = object<{ readonly items: readonly AuditCheckpointItem[]; readonly next?: number | undefined }>({
  items: list(checkpointItem),
  next: optional(wholeNumber),
});
const auditKey = object<AuditKey>({ kty: string, crv: string, x: string, kid: string });
const erasure = object<{ readonly subjectId: string; readonly isNew: boolean }>({ subjectId: string, isNew: boolean });
const auditProof = object<AuditProof>({ size: wholeNumber, root: string, proof: list(string), leaf: optional(string) });

const retention = object<AuditRetention>({ keepDays: optional(wholeNumber), prunedThroughSeq: wholeNumber });
const pruning = object<AuditPruning>({ prunedThroughSeq: wholeNumber, entries: wholeNumber });

/** The audit part of the admin API, below a tenant's path. */
export function auditAdmin(call: AdminCall, path: string): AuditAdmin {
  const asked = (below: string, { signal, ...query }: object & { readonly signal?: AbortSignal }) => ({
    ...reading(`${path}/${below}`),
    query: { ...query },
    signal,
  });
  return {
    list: (filter = {}) => call({ ...listing(path, filter), read: page(auditEntry) }),
    search: (filter = {}) => call({ ...asked('records', filter), read: page(readSealed) }),
    exportPage: (part = {}) => call({ ...asked('export', part), read: exportPage }),
    checkpoints: (part = {}) => call({ ...asked('checkpoints', part), read: checkpointPage }),
    retention: () => call({ ...reading(`${path}/retention`), read: retention }),
    setRetention: (keepDays) => call({ ...setting(`${path}/retention`, { keepDays }), read: retention }),
    // Once more takes away what is left.
    prune: (exported) => call({ ...making(`${path}/prunings`, { ...exported }), repeatable: true, read: pruning }),
    key: () => call({ ...reading(`${path}/key`), read: auditKey }),
    erase: (subjectId) => call({ ...making(`${path}/erasures`, { subjectId }), repeatable: true, read: erasure }),
    proveInclusion: (claim) => call({ ...asked('proofs/inclusion', claim), read: auditProof }),
    proveConsistency: (claim) => call({ ...asked('proofs/consistency', claim), read: auditProof }),
  };
}
