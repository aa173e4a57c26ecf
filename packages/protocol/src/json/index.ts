/** A strict JSON reader for untrusted text. */
export { jsonDepthCeiling, jsonValuesCeiling, readJson } from './read-json.ts';
export type { JsonBounds, JsonReading, JsonRefusalReason } from './read-json.ts';
