import { consistencyProof, inclusionProof, rootAt } from '@colloquy/protocol/audit';
import type { ReadSubtree } from '@colloquy/protocol/audit';
import type { ChainProofs, ReadHashes } from '../../modules/audit/index.ts';
import { nodeHashes } from './node-hashes.ts';

/** Every eighth level of the tree is stored; a level between is calculated from at most 128 rows. */
const keptLevels = 8;

/** Proofs over a hash chain by the stored levels of its tree: some forty short reads for a million entries. */
export const chainProofs: ChainProofs = {
  async inclusion(read, index, size) {
    const subtree = subtreesOf(read);
    return {
      proof: await inclusionProof(index, size, subtree, nodeHashes),
      root: await rootAt(size, subtree, nodeHashes),
    };
  },
  async consistency(read, earlier, size) {
    const subtree = subtreesOf(read);
    return {
      proof: await consistencyProof(earlier, size, subtree, nodeHashes),
      root: await rootAt(size, subtree, nodeHashes),
    };
  },
};

function subtreesOf(read: ReadHashes): ReadSubtree {
  return async (level, position) => {
    const kept = Math.floor(level / keptLevels) * keptLevels;
    const width = 2 ** (level - kept);
    let nodes = await read(kept, position * width, width);
    if (nodes.length !== width) throw new TypeError('The chain lacks hashes that its end says it has.');
    while (nodes.length > 1) nodes = parentsOf(nodes);
    const [root] = nodes;
    if (root === undefined) throw new TypeError('A subtree has no root.');
    return root;
  };
}

function parentsOf(nodes: readonly string[]): readonly string[] {
  return nodes.flatMap((left, at) => {
    const right = nodes[at + 1];
    return at % 2 === 0 && right !== undefined ? [nodeHashes.node(left, right)] : [];
  });
}
