import { isRecord } from '../codec/index.ts';
import type { Message, Part } from '../model/index.ts';
import { bareDataMark } from './bare-data.ts';

/** A `Message` in the words of A2A 0.1. Ids, extensions and references have no place on this wire. */
export function wireMessageOf({ role, parts, metadata }: Message): object {
  return { role: role === 'ROLE_USER' ? 'user' : 'agent', parts: parts.map(wirePartOf), ...metadataOf(metadata) };
}

/** A `Part` in the words of A2A 0.1. */
export function wirePartOf(part: Part): object {
  if (part.text !== undefined) return { type: 'text', text: part.text, ...metadataOf(part.metadata) };
  if (part.data !== undefined) return dataOf(part.data, part.metadata);
  const content = part.raw === undefined ? { uri: part.url } : { bytes: part.raw };
  const file = {
    ...(part.filename === undefined ? {} : { name: part.filename }),
    ...(part.mediaType === undefined ? {} : { mimeType: part.mediaType }),
    ...content,
  };
  return { type: 'file', file, ...metadataOf(part.metadata) };
}

function dataOf(data: unknown, metadata: Part['metadata']): object {
  if (isRecord(data)) return { type: 'data', data, ...metadataOf(metadata) };
  return { type: 'data', data: { value: data }, metadata: { ...metadata, [bareDataMark]: true } };
}

/** The member `metadata`, when there is any. */
export function metadataOf(metadata: Message['metadata']): { readonly metadata?: Message['metadata'] } {
  return metadata === undefined ? {} : { metadata };
}
