export { chainProofs } from './chain-proofs.ts';
export { createCheckpointFiles } from './checkpoint-files.ts';
export { checkpointKeyOf } from './checkpoint-key.ts';
export type { CheckpointJwk, CheckpointKey } from './checkpoint-key.ts';
export { factCipher } from './fact-cipher.ts';
export { nodeHashes } from './node-hashes.ts';
export { createSealing } from './sealing.ts';
