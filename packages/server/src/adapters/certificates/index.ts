export { keyPairOf } from './key-pair.ts';
export type { KeyPair } from './key-pair.ts';
export { WatchedFiles } from './watched-files.ts';
