/** A strict JSON reader for untrusted text, and a writer of long text in pieces. */
export { jsonPieces } from './json-pieces.ts';
export { jsonDepthCeiling, jsonValuesCeiling, readJson } from './read-json.ts';
export type { JsonBounds, JsonReading, JsonRefusalReason } from './read-json.ts';
