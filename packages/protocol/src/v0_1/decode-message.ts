import { present } from '../codec/index.ts';
import type { Fields } from '../codec/index.ts';
import type { JsonValue, Message, Part, Role } from '../model/index.ts';
import { bareDataMark } from './bare-data.ts';

/** Makes an id for a message, which has none on this wire. `said` is the same text for the same words. */
export type MessageIdOf = (said: string) => string;

/** Reads a `Message` in place. */
export function messageFrom(messageIdOf: MessageIdOf): (fields: Fields) => Message {
  return (fields) => {
    const role = roleFrom(fields);
    const parts = partsFrom(fields);
    const metadata = fields.struct('metadata');
    return present<Message>({
      messageId: messageIdOf(JSON.stringify([role, parts, metadata])),
      contextId: undefined,
      taskId: undefined,
      role,
      parts,
      metadata,
      extensions: undefined,
      referenceTaskIds: undefined,
    });
  };
}

/** Reads `parts`, one at least. */
export function partsFrom(fields: Fields): readonly Part[] {
  return fields.requiredObjects('parts', fields.limits.partsMax, partFrom);
}

function roleFrom(fields: Fields): Role {
  const role = fields.requiredString('role');
  if (role === 'user') return 'ROLE_USER';
  if (role !== 'agent' && role !== '') fields.violate('role', 'must be user or agent');
  return 'ROLE_AGENT';
}

const kinds = ['text', 'file', 'data'] as const;

/** `type` tells the kind of a part; where it is missing, the member that is there does. */
function partFrom(fields: Fields): Part {
  const type = fields.optionalString('type');
  const kind = type === undefined ? fields.oneOf(kinds) : kinds.find((known) => known === type);
  if (type !== undefined && kind === undefined) fields.violate('type', `must be one of ${kinds.join(', ')}`);
  const metadata = fields.struct('metadata');
  const annotation = metadata === undefined ? {} : { metadata };
  if (kind === 'file') return fields.requiredObject('file', (file) => fileFrom(file, annotation));
  if (kind === 'data') return dataFrom(fields);
  if (kind === 'text' && !fields.has('text')) fields.violate('text', 'is required');
  return { text: kind === 'text' ? fields.text('text') : '', ...annotation };
}

function fileFrom(fields: Fields, annotation: Pick<Part, 'metadata'>): Part {
  const content = fields.oneOf(['bytes', 'uri']);
  const annotations = present<Pick<Part, 'metadata' | 'filename' | 'mediaType'>>({
    metadata: annotation.metadata,
    filename: fields.optionalString('name'),
    mediaType: fields.optionalString('mimeType'),
  });
  if (content === 'bytes') return { raw: fields.base64('bytes'), ...annotations };
  return { url: content === 'uri' ? fields.requiredString('uri') : '', ...annotations };
}

/** Data is an object on this wire; the encoder wraps any other value into a marked object. */
function dataFrom(fields: Fields): Part {
  const data = fields.struct('data');
  if (data === undefined) fields.violate('data', 'is required');
  const { [bareDataMark]: mark, ...metadata } = fields.struct('metadata') ?? {};
  const kept = Object.keys(metadata).length === 0 ? {} : { metadata };
  const bare: JsonValue | undefined = mark === true ? data?.['value'] : undefined;
  if (bare !== undefined && Object.keys(data ?? {}).length === 1) return { data: bare, ...kept };
  return { data: data ?? null, ...(mark === undefined ? kept : { metadata: { ...metadata, [bareDataMark]: mark } }) };
}
