/** Server-sent events: writing them, and reading them from an untrusted stream. */
export { formatSseComment, formatSseEvent } from './format.ts';
export type { SseFields } from './format.ts';
export { SseError, SseParser } from './parser.ts';
export type { SseEvent, SseFault } from './parser.ts';
