import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import {
  chainStart,
  checkpointLineOf,
  checkpointText,
  recordOf,
  recordTextOf,
  rootOf,
  withLeaf,
} from '@colloquy/protocol/audit';
import type { AuditCheckpoint, CompletedNode } from '@colloquy/protocol/audit';
import type { ChainEnd, KeptNode, SealedEntry, Sealing } from '../../modules/audit/index.ts';
import type { CheckpointKey } from './checkpoint-key.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import { nodeHashes } from './node-hashes.ts';

/** Every eighth level of the tree is stored, so that a proof reads at most 256 rows for each. */
const keptLevels = 8;

/** Entries that it hashes before it yields to the event loop. They take half a millisecond; a whole batch takes ten. */
const entriesPerIteration = 32;

/** Seals with SHA-256, signs with `key`, and digests contents under keys of their tenants. */
export function createSealing(key: CheckpointKey, digestKeyOf: (tenantId: string) => Uint8Array): Sealing {
  const known = new DigestKeys(digestKeyOf);
  let hashed = 0;
  return {
    async extend(tenantId, start, entries, digestsOf) {
      let tree = { size: start?.lastSeq ?? 0, peaks: start?.peaks ?? [] };
      let head = start?.head ?? chainStart;
      const sealed: SealedEntry[] = [];
      const nodes: KeptNode[] = [];
      const onNode = ({ level, position, hash }: CompletedNode): void => {
        if (level % keptLevels === 0) nodes.push({ tenantId, level, position, hash });
      };
      for (const entry of entries) {
        const seq = tree.size + 1;
        const digests = digestsOf(entry);
        head = nodeHashes.leaf(recordTextOf(recordOf(entry, seq, digests)), head);
        tree = withLeaf(tree, head, nodeHashes, onNode);
        sealed.push({ entry, seq, hash: head, digests });
        hashed += 1;
        if (hashed % entriesPerIteration === 0) await yieldToEventLoop();
      }
      return { end: { tenantId, lastSeq: tree.size, head, peaks: tree.peaks }, sealed, nodes };
    },
    checkpointLine: (end, atMs) => signedLine(key, end, atMs),
    digestsOf(tenantId, { input, output }) {
      const digestKey = known.of(tenantId);
      const keyed = (digest: string): string => createHmac('sha256', digestKey).update(digest, 'hex').digest('hex');
      return { input: keyed(input), output: keyed(output) };
    },
  };
}

function signedLine(key: CheckpointKey, end: ChainEnd, atMs: number): string {
  const checkpoint: AuditCheckpoint = {
    v: 1,
    tenantId: end.tenantId,
    size: end.lastSeq,
    root: rootOf({ size: end.lastSeq, peaks: end.peaks }, nodeHashes),
    head: end.head,
    at: new Date(atMs).toISOString(),
    kid: key.jwk.kid,
  };
  return checkpointLineOf({ checkpoint, signature: key.sign(checkpointText(checkpoint)) });
}

/** The keys of the tenants whose entries were sealed last: deriving one takes five times as long as a digest with it. */
class DigestKeys {
  readonly #derive: (tenantId: string) => Uint8Array;
  readonly #keys = new Map<string, KeyObject>();

  constructor(derive: (tenantId: string) => Uint8Array) {
    this.#derive = derive;
  }

  of(tenantId: string): KeyObject {
    const key = this.#keys.get(tenantId) ?? createSecretKey(this.#derive(tenantId));
    keepNewest(this.#keys, tenantId, key, limits.auditDigestKeysMax);
    return key;
  }
}
