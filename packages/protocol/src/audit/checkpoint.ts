import { canonicalJson } from '../signing/index.ts';

/** What we sign about a tenant's chain at a moment: how long it is, and the one hash that all of it leads to. */
export interface AuditCheckpoint {
  readonly v: 1;
  readonly tenantId: string;
  /** Records in the chain. */
  readonly size: number;
  /** Merkle root over the hashes of these records (RFC 9162 section 2.1). */
  readonly root: string;
  /** Hash of the last record. */
  readonly head: string;
  /** When it was made: RFC 3339 in UTC. */
  readonly at: string;
  /** JWK thumbprint (RFC 7638) of the Ed25519 key that signed. */
  readonly kid: string;
}

/** A checkpoint with its Ed25519 signature (RFC 8032) in base64url without padding. */
export interface SignedCheckpoint {
  readonly checkpoint: AuditCheckpoint;
  readonly signature: string;
}

/** The text that is signed. The first line keeps the signature from being one of anything else. */
export function checkpointText({ v, tenantId, size, root, head, at, kid }: AuditCheckpoint): string {
  return `colloquy audit checkpoint v1\n${canonicalJson({ v, tenantId, size, root, head, at, kid })}`;
}

/** A line of a file of checkpoints, without its line end. */
export function checkpointLineOf({ checkpoint, signature }: SignedCheckpoint): string {
  const { v, tenantId, size, root, head, at, kid } = checkpoint;
  return canonicalJson({ checkpoint: { v, tenantId, size, root, head, at, kid }, signature });
}

/** Reads such a line; null for a line that is none. Says nothing about its signature. */
export function readCheckpointLine(line: string): SignedCheckpoint | null {
  const outer = fieldsOf(parsed(line));
  const inner = fieldsOf(outer.get('checkpoint'));
  const text = (name: string): string => textOf(inner.get(name));
  const size = inner.get('size');
  const signature = textOf(outer.get('signature'));
  if (inner.get('v') !== 1 || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return null;
  const [root, head] = [text('root'), text('head')];
  if (!hashShape.test(root) || !hashShape.test(head) || signature === '') return null;
  const [tenantId, at, kid] = [text('tenantId'), text('at'), text('kid')];
  return { checkpoint: { v: 1, tenantId, size, root, head, at, kid }, signature };
}

const hashShape = /^[0-9a-f]{64}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
