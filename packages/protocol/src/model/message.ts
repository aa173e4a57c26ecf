import type { JsonObject, JsonValue } from './json-value.ts';

/** Every message role of A2A 1.0 (`Role`), indexed by its protobuf number. */
export const roles = ['ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT'] as const;

/** Who speaks: the user (client to server) or the agent (server to client). `ROLE_UNSPECIFIED` is never accepted or sent. */
export type Role = (typeof roles)[number];

/** What any kind of part may carry beside its content. */
export interface PartAnnotations {
  readonly metadata?: JsonObject;
  readonly filename?: string;
  /** IANA media type of the content, for example `text/plain`. */
  readonly mediaType?: string;
}

/** A part holding text. */
export interface TextPart extends PartAnnotations {
  readonly text: string;
  readonly raw?: never;
  readonly url?: never;
  readonly data?: never;
}

/** A part holding bytes, kept as padded standard base64 (RFC 4648 section 4). */
export interface RawPart extends PartAnnotations {
  readonly text?: never;
  readonly raw: string;
  readonly url?: never;
  readonly data?: never;
}

/** A part pointing at content by URL. */
export interface UrlPart extends PartAnnotations {
  readonly text?: never;
  readonly raw?: never;
  readonly url: string;
  readonly data?: never;
}

/** A part holding structured data. The presence of the key selects this branch: `{ data: null }` is a data part. */
export interface DataPart extends PartAnnotations {
  readonly text?: never;
  readonly raw?: never;
  readonly url?: never;
  readonly data: JsonValue;
}

/** One piece of content: exactly one of `text`, `raw`, `url`, `data` is present (A2A 1.0 `Part`). */
export type Part = TextPart | RawPart | UrlPart | DataPart;

/** One turn of a conversation (A2A 1.0 `Message`). `parts` has one element at least. */
export interface Message {
  /** Made by the sender; unique only as far as the sender keeps it so. */
  readonly messageId: string;
  readonly contextId?: string;
  readonly taskId?: string;
  readonly role: Role;
  readonly parts: readonly Part[];
  readonly metadata?: JsonObject;
  /** URIs of the extensions that contributed to this message. */
  readonly extensions?: readonly string[];
  readonly referenceTaskIds?: readonly string[];
}
