export { a2aSurface } from './a2a-surface.ts';
export type { A2aSurfaceOptions } from './a2a-surface.ts';
