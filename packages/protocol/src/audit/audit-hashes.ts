/**
 * SHA-256 as the audit chain and its Merkle tree use it (RFC 9162 section 2.1.1): leaves and nodes begin with different bytes, so that
 * neither can be passed off as the other. Every hash is 64 lower-case hex digits.
 */
export interface AuditHashes {
  /** SHA-256 of nothing: the root of an empty tree. */
  readonly empty: string;
  /** SHA-256 of 0x00, the UTF-8 bytes of `recordText`, and the 32 bytes of `previous`. */
  leaf(recordText: string, previous: string): string;
  /** SHA-256 of 0x01 and the 32 bytes of each child. */
  node(left: string, right: string): string;
}

/** What the first record of a chain has for a hash before it: 32 zero bytes. */
export const chainStart: string = '0'.repeat(64);
