/** Guarantee: no record of an export can be changed, put in, taken out or moved without being found, and the tree's proofs are those of RFC 9162. */
import assert from 'node:assert/strict';
import { createHash, hash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  ChainVerifier,
  chainStart,
  consistencyProof,
  emptyTree,
  exportLineOf,
  inclusionProof,
  isConsistent,
  isIncluded,
  readCheckpointLine,
  readExportLine,
  recordOf,
  recordTextOf,
  rootAt,
  rootOf,
  withLeaf,
} from './index.ts';
import { canonicalJson } from '../signing/index.ts';
import type { AuditHashes, AuditVerdict, MerkleTree, SignedCheckpoint } from './index.ts';

const hashes: AuditHashes = {
  empty: hash('sha256', ''),
  leaf: (text, previous) =>
    createHash('sha256').update(Buffer.of(0)).update(text).update(previous, 'hex').digest('hex'),
  node: (left, right) =>
    createHash('sha256').update(Buffer.of(1)).update(left, 'hex').update(right, 'hex').digest('hex'),
};

interface Sealed {
  readonly lines: readonly string[];
  readonly checkpoints: readonly SignedCheckpoint[];
}

/** A chain whose checkpoints come every `every` records, and one at its end. */
function sealed(count: number, every: number): Sealed {
  let [head, tree] = [chainStart, emptyTree];
  const [lines, checkpoints]: [string[], SignedCheckpoint[]] = [[], []];
  for (let seq = 1; seq <= count; seq += 1) {
    const text = recordTextOf(recordOf(entry(seq), seq, null));
    head = hashes.leaf(text, head);
    tree = withLeaf(tree, head, hashes);
    lines.push(exportLineOf(head, text));
    if (seq % every === 0 || seq === count) checkpoints.push(checkpointOf(tree, head));
  }
  return { lines, checkpoints };
}

const entry = (seq: number) => ({
  tenantId: 'tnt_1',
  entryId: `ent_${seq}`,
  occurredAt: '2026-03-01T09:30:00.000001Z',
  actorId: 'cli_1',
  action: 'agent.registered',
  outcome: 'succeeded',
  resource: `agents/a${seq}`,
  requestId: 'req_1',
  facts: { n: String(seq) },
});

function checkpointOf(tree: MerkleTree, head: string): SignedCheckpoint {
  const at = '2026-03-01T09:30:00.000Z';
  const root = rootOf(tree, hashes);
  return { checkpoint: { v: 1, tenantId: 'tnt_1', size: tree.size, root, head, at, kid: 'k' }, signature: 's' };
}

function verdictOf(lines: readonly string[], checkpoints: readonly SignedCheckpoint[]): AuditVerdict {
  const verifier = new ChainVerifier(hashes, checkpoints);
  for (const line of lines) verifier.take(line);
  return verifier.finish();
}

/** The same records, with hashes from `from` on recalculated, as an attacker would to hide a change. */
function rehashed(texts: readonly string[], head: string): string[] {
  let last = head;
  return texts.map((text) => exportLineOf((last = hashes.leaf(text, last)), text));
}

describe('an export', () => {
  it('holds records that are hashed as canonical JSON, whatever an entry says', () => {
    for (const digests of [null, { output: 'b', input: 'a' }]) {
      const said = { ...entry(7), actorId: 'ö"\\\u2028', facts: { b: '1', a: [{ z: null, y: 0.5 }], 10: true, 9: {} } };
      const record = recordOf(said, 7, digests);
      assert.equal(recordTextOf(record), canonicalJson({ ...record }));
    }
    assert.throws(() => recordTextOf(recordOf({ ...entry(7), requestId: '\ud800' }, 7, null)), TypeError);
  });

  const { lines, checkpoints } = sealed(40, 8);
  const found = (touched: readonly string[]) => {
    const { firstBadSeq, damage, isIntact } = verdictOf(touched, checkpoints);
    assert.equal(isIntact, false);
    return [firstBadSeq, damage];
  };

  it('is intact as it was written, and every record is proven by the last checkpoint', () => {
    assert.deepEqual(verdictOf(lines, checkpoints), {
      isIntact: true,
      records: 40,
      provenRecords: 40,
      checkpoints: 5,
      firstBadSeq: null,
      damage: null,
    });
  });

  it('AUDIT-8 shows the first record that was changed, taken out, put in, moved or is of another tenant', () => {
    for (let seq = 1; seq <= lines.length; seq += 1) {
      const line = lines[seq - 1] ?? '';
      assert.deepEqual(found(lines.with(seq - 1, line.replace('cli_1', 'cli_2'))), [seq, 'changed']);
      assert.deepEqual(found(lines.with(seq - 1, line.replace('{"action"', '{ "action"'))), [seq, 'changed']);
      assert.deepEqual(found(lines.with(seq - 1, line.slice(1))), [seq, 'unreadable']);
      assert.deepEqual(
        found(lines.with(seq - 1, line.replace('tnt_1', 'tnt_2'))),
        seq === 1 ? [1, 'changed'] : [seq, 'foreign'],
      );
      assert.deepEqual(found(lines.toSpliced(seq - 1, 1)), [seq, seq === lines.length ? 'truncated' : 'out-of-order']);
      assert.deepEqual(
        found(lines.toSpliced(seq - 1, 0, lines[0] ?? '')),
        seq === 1 ? [2, 'out-of-order'] : [seq, 'out-of-order'],
      );
      const next = lines[seq];
      if (next !== undefined) assert.deepEqual(found(lines.with(seq - 1, next).with(seq, line)), [seq, 'out-of-order']);
    }
  });

  it('that ends early is found by the checkpoints, at the first record that is missing', () => {
    for (let left = 0; left < lines.length; left += 1) {
      assert.deepEqual(found(lines.slice(0, left)), [left + 1, 'truncated']);
    }
  });

  it('AUDIT-8 whose hashes were calculated anew is found at the next checkpoint', () => {
    const texts = lines.map((line) => readExportLine(line)?.recordText ?? '');
    for (let seq = 1; seq <= lines.length; seq += 1) {
      const forged = texts.with(seq - 1, (texts[seq - 1] ?? '').replace('cli_1', 'cli_2'));
      const verdict = verdictOf(rehashed(forged, chainStart), checkpoints);
      assert.deepEqual([verdict.firstBadSeq, verdict.damage], [Math.ceil(seq / 8) * 8, 'rewritten']);
      assert.ok(verdict.provenRecords < seq);
    }
  });

  it('of two histories that were both signed shows the contradiction', () => {
    const last = checkpoints.at(-1);
    assert.ok(last !== undefined);
    const other = { ...last, checkpoint: { ...last.checkpoint, root: chainStart } };
    const verdict = verdictOf(lines, [...checkpoints, other]);
    assert.deepEqual([verdict.damage, verdict.provenRecords], ['contradiction', 40]);
  });

  it('and checkpoints are read with care: what is none is none', () => {
    for (const line of [
      '',
      '{}',
      'null',
      '[]',
      '{"checkpoint":{"v":1}}',
      '{"checkpoint":{"v":1,"size":-1},"signature":"s"}',
    ])
      assert.equal(readCheckpointLine(line), null);
    for (const line of ['', '{"hash":"', `{"hash":"${chainStart}","record":}`, `{"hash":"${chainStart}","record":{}}`])
      assert.equal(readExportLine(line), null);
  });
});

describe('the Merkle tree', () => {
  const leaves = Array.from({ length: 70 }, (_, at) => hashes.leaf(String(at), chainStart));
  const read = (level: number, position: number): Promise<string> => {
    const width = 2 ** level;
    const [start] = [position * width];
    let nodes = leaves.slice(start, start + width);
    assert.equal(nodes.length, width, 'only complete subtrees are read');
    while (nodes.length > 1)
      nodes = nodes.flatMap((node, at) => (at % 2 === 0 ? [hashes.node(node, nodes[at + 1] ?? '')] : []));
    return Promise.resolve(nodes[0] ?? '');
  };

  it('proves each leaf of each size, and nothing else', async () => {
    let tree = emptyTree;
    for (const [at, leaf] of leaves.entries()) {
      tree = withLeaf(tree, leaf, hashes);
      const [size, root] = [at + 1, rootOf(tree, hashes)];
      assert.equal(await rootAt(size, read, hashes), root);
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(index, size, read, hashes);
        const claim = { leaf: leaves[index] ?? '', index, size, root, proof };
        assert.ok(isIncluded(claim, hashes), `${index} of ${size}`);
        assert.ok(!isIncluded({ ...claim, leaf: chainStart }, hashes));
        if (size > 1) assert.ok(!isIncluded({ ...claim, index: (index + 1) % size }, hashes));
        assert.ok(!isIncluded({ ...claim, proof: [...proof, root] }, hashes));
      }
    }
  });

  it('proves that each size begins with each smaller one, and nothing else', async () => {
    for (let later = 1; later <= leaves.length; later += 1) {
      const laterRoot = await rootAt(later, read, hashes);
      for (let earlier = 1; earlier <= later; earlier += 1) {
        const proof = await consistencyProof(earlier, later, read, hashes);
        const root = await rootAt(earlier, read, hashes);
        const claim = { earlier: { size: earlier, root }, later: { size: later, root: laterRoot }, proof };
        assert.ok(isConsistent(claim, hashes), `${earlier} of ${later}`);
        assert.ok(!isConsistent({ ...claim, earlier: { size: earlier, root: chainStart } }, hashes));
        assert.ok(!isConsistent({ ...claim, later: { size: later, root: chainStart } }, hashes));
        if (proof.length > 0) assert.ok(!isConsistent({ ...claim, proof: proof.slice(1) }, hashes));
      }
    }
  });

  it('has the roots of the test vectors of certificate transparency', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const roots = inputs.map((input) => createHash('sha256').update(Buffer.of(0)).update(input, 'hex').digest('hex'));
    let tree = emptyTree;
    for (const leaf of roots) tree = withLeaf(tree, leaf, hashes);
    assert.equal(rootOf(tree, hashes), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });
});
