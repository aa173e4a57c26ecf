import { decodeObject, present } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type { Message, Part, PartAnnotations } from '../model/index.ts';
import { roles } from '../model/index.ts';

/** Decodes an A2A 1.0 `Message`. Throws {@link DecodeError}. */
export function decodeMessage(value: unknown, limits: DecodeLimits): Message {
  return decodeObject(value, limits, messageFrom);
}

/** Reads a `Message` in place. */
export function messageFrom(fields: Fields): Message {
  return present<Message>({
    messageId: fields.requiredId('messageId'),
    contextId: fields.optionalId('contextId'),
    taskId: fields.optionalId('taskId'),
    role: fields.requiredEnumeration('role', roles),
    parts: partsFrom(fields),
    metadata: fields.struct('metadata'),
    extensions: fields.strings('extensions'),
    referenceTaskIds: fields.strings('referenceTaskIds', fields.limits.idCharsMax),
  });
}

/** Reads `parts`, one at least. */
export function partsFrom(fields: Fields): readonly Part[] {
  return fields.requiredObjects('parts', fields.limits.partsMax, partFrom);
}

const contents = ['text', 'raw', 'url', 'data'] as const;

function partFrom(fields: Fields): Part {
  // `data` is a protobuf Value: there, null is content.
  const found = contents.filter((name) => (name === 'data' ? fields.has(name) : fields.value(name) !== undefined));
  const content = fields.exactlyOne(contents, found);
  const annotations = present<PartAnnotations>({
    metadata: fields.struct('metadata'),
    filename: fields.optionalString('filename'),
    mediaType: fields.optionalString('mediaType'),
  });
  if (content === 'text') return { text: fields.text('text'), ...annotations };
  if (content === 'raw') return { raw: fields.base64('raw'), ...annotations };
  if (content === 'url') return { url: fields.requiredString('url'), ...annotations };
  return { data: content === undefined ? null : fields.json('data'), ...annotations };
}
