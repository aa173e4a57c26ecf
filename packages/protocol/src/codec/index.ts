/** What every codec is made of: typed reading of JSON objects under bounds, and what a call of an agent comes to. It knows no version. */
export { decodeObject, Fields } from './fields.ts';
export { isList, isRecord, present } from './json-shape.ts';
export type { JsonRecord } from './json-shape.ts';
export { base64Bytes, normaliseBase64, normaliseTimestamp, utf8Bytes } from './scalars.ts';
export { defaultDecodeLimits } from './limits.ts';
export type { DecodeLimits } from './limits.ts';
export type { ClientOutcome, ReadOptions, StreamOperation, UnaryOperation, UnaryResults } from './client-outcome.ts';
export { decodeDocument, decodeResult } from './client-outcome.ts';
export { decodeSegment, routeMatcher } from './rest-routes.ts';
export type { RestMatch, RestParams, RestRoute, RestVerb } from './rest-routes.ts';
export { restFields } from './rest-fields.ts';
export type { RestRequestParts, RestShape } from './rest-fields.ts';
