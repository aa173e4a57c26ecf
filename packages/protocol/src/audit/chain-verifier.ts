import { chainStart } from './audit-hashes.ts';
import type { AuditHashes } from './audit-hashes.ts';
import { readExportLine } from './audit-record.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { emptyTree, rootOf, withLeaf } from './merkle-tree.ts';
import type { MerkleTree } from './merkle-tree.ts';

/** Why an export is not what was sealed. */
export type AuditDamage =
  /** The line is no record of an export. */
  | 'unreadable'
  /** The record has another place than its line: one before it is missing, one was put in, or they changed places. */
  | 'out-of-order'
  /** It belongs to another tenant. */
  | 'foreign'
  /** The record and its hash do not belong together, or the hash does not follow the one before. */
  | 'changed'
  /** The records follow each other, and are not those that a checkpoint was signed over. */
  | 'rewritten'
  /** A checkpoint was signed over more records than there are. */
  | 'truncated'
  /** Two signed checkpoints of one length differ: the holder of the key signed two histories. */
  | 'contradiction'
  /** No signed checkpoint stands where the export begins. */
  | 'rootless';

/** What a verification found. */
export interface AuditVerdict {
  readonly isIntact: boolean;
  /** Places up to which records were read that follow each other, from the first or from where the export begins. */
  readonly records: number;
  /** Places up to which a signed checkpoint vouches for them: these are what was sealed. */
  readonly provenRecords: number;
  /** Checkpoints that were met and agreed. */
  readonly checkpoints: number;
  /** The first sequence at which the export shows that it is not what was sealed; null when it is intact. */
  readonly firstBadSeq: number | null;
  readonly damage: AuditDamage | null;
}

/**
 * Follows an export line by line. It keeps one hash for each doubling of the chain, so memory does not grow with the export.
 *
 * `firstBadSeq` is exact when only records were changed. When hashes were recalculated too, the change is found at the first record with
 * its old hash, or at the first checkpoint: then the first changed record lies after `provenRecords` and not after `firstBadSeq`.
 */
export class ChainVerifier {
  readonly #hashes: AuditHashes;
  readonly #checkpoints: readonly SignedCheckpoint[];
  #tenantId: string | null;
  /** Null: what the tree begins with was pruned, and the hash of the last record stands for it. */
  #tree: MerkleTree | null = emptyTree;
  #size = 0;
  #head = chainStart;
  #next = 0;
  #proven = 0;
  #met = 0;
  #bad: { readonly seq: number; readonly damage: AuditDamage } | null = null;

  /**
   * `checkpoints` must have been verified by their signatures; their order does not matter. `tenantId` null takes the first record's.
   * An export of a chain that was pruned begins `behind` a place; a checkpoint that was signed there is its root.
   */
  constructor(
    hashes: AuditHashes,
    checkpoints: readonly SignedCheckpoint[],
    tenantId: string | null = null,
    behind = 0,
  ) {
    this.#hashes = hashes;
    this.#tenantId = tenantId;
    this.#checkpoints = checkpoints
      .filter(({ checkpoint }) => checkpoint.size >= behind)
      .toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
    if (behind > 0) this.#beginBehind(behind);
  }

  #beginBehind(size: number): void {
    const root = this.#checkpoints.find(({ checkpoint }) => checkpoint.size === size)?.checkpoint;
    if (root === undefined) return this.#fail(size + 1, 'rootless');
    this.#tenantId ??= root.tenantId;
    this.#tree = null;
    this.#size = size;
    this.#head = root.head;
    this.#meetCheckpoints();
  }

  /** Whether damage was found; more lines change nothing. */
  get isOver(): boolean {
    return this.#bad !== null;
  }

  /** Takes the next line, without its line end. */
  take(line: string): void {
    if (this.#bad !== null) return;
    const seq = this.#size + 1;
    const read = readExportLine(line);
    if (read === null) return this.#fail(seq, 'unreadable');
    this.#tenantId ??= read.record.tenantId;
    if (read.record.seq !== seq) return this.#fail(seq, 'out-of-order');
    if (read.record.tenantId !== this.#tenantId) return this.#fail(seq, 'foreign');
    if (this.#hashes.leaf(read.recordText, this.#head) !== read.hash) return this.#fail(seq, 'changed');
    this.#head = read.hash;
    this.#size = seq;
    this.#tree &&= withLeaf(this.#tree, read.hash, this.#hashes);
    this.#meetCheckpoints();
  }

  /** The verdict, after the last line. */
  finish(): AuditVerdict {
    const beyond = this.#checkpoints[this.#next];
    if (this.#bad === null && beyond !== undefined) this.#fail(this.#size + 1, 'truncated');
    return {
      isIntact: this.#bad === null,
      records: this.#size,
      provenRecords: this.#proven,
      checkpoints: this.#met,
      firstBadSeq: this.#bad?.seq ?? null,
      damage: this.#bad?.damage ?? null,
    };
  }

  #meetCheckpoints(): void {
    const size = this.#size;
    let root: string | undefined;
    for (let at = this.#checkpoints[this.#next]; at?.checkpoint.size === size; at = this.#checkpoints[this.#next]) {
      const { checkpoint } = at;
      root ??= this.#tree === null ? checkpoint.root : rootOf(this.#tree, this.#hashes);
      if (checkpoint.root !== root || checkpoint.head !== this.#head || checkpoint.tenantId !== this.#tenantId) {
        const damage = this.#proven === size ? 'contradiction' : 'rewritten';
        return this.#fail(size, damage);
      }
      this.#proven = size;
      this.#met += 1;
      this.#next += 1;
    }
  }

  #fail(seq: number, damage: AuditDamage): void {
    this.#bad = { seq, damage };
  }
}
