/** A strict JSON reader for untrusted text. */
export { jsonDepthCeiling, readJson } from './read-json.ts';
export type { JsonBounds, JsonReading, JsonRefusalReason } from './read-json.ts';
