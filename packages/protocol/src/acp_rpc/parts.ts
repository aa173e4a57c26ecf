import { base64Bytes, present } from '../codec/index.ts';
import type { Fields } from '../codec/index.ts';
import type { JsonObject, JsonValue, Part, PartAnnotations } from '../model/index.ts';
import { mark, optionalWord, requiredWord } from './names.ts';

const partTypes = ['TextPart', 'DataPart', 'FilePart', 'ImagePart', 'AudioPart'] as const;
type PartType = (typeof partTypes)[number];

const encodings = ['base64', 'utf8'] as const;

/** Members of a part that the model has a place for. All others are open and stay, marked, in the part's metadata. */
const ownMembers = new Set(['type', 'content', 'mimeType', 'filename', 'encoding', 'reference', 'metadata']);

const typeMark = mark('type');
const sizeMark = mark('size');
const markPrefix = mark('');

const utf8 = new TextEncoder();

/** Reads `parts`, one at least. */
export function partsFrom(fields: Fields): readonly Part[] {
  return fields.requiredObjects('parts', fields.limits.partsMax, partFrom);
}

function partFrom(fields: Fields): Part {
  const type = requiredWord(fields, 'type', partTypes);
  const mediaType = fields.optionalString('mimeType');
  const reference = fields.value('content') === undefined ? fields.optionalString('reference') : undefined;
  const isPlain = reference === undefined && (type === 'TextPart' || type === 'DataPart');
  const annotations = annotationsFrom(fields, isPlain || type === fileTypeOf(mediaType) ? undefined : type);
  if (reference !== undefined) return { url: reference, ...annotations };
  if (type === 'DataPart') return { data: fields.json('content'), ...annotations };
  if (fields.value('content') === undefined) fields.violate('content', 'is required where there is no reference');
  if (type === 'TextPart') return { text: fields.text('content'), ...annotations };
  return { raw: rawFrom(fields), ...annotations };
}

function annotationsFrom(fields: Fields, type: PartType | undefined): PartAnnotations {
  const others = fields.otherMembers(ownMembers);
  const metadata: JsonObject = {
    ...fields.struct('metadata'),
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [mark(name), value])),
    ...(type === undefined ? {} : { [typeMark]: type }),
  };
  return present<PartAnnotations>({
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    filename: fields.optionalString('filename'),
    mediaType: fields.optionalString('mimeType'),
  });
}

/** The bytes of a file as base64. JSON cannot carry the encoding `binary`. */
function rawFrom(fields: Fields): string {
  const encoding = optionalWord(fields, 'encoding', encodings) ?? 'base64';
  const raw = encoding === 'utf8' ? base64Of(fields.text('content')) : fields.base64('content');
  const { rawBytesMax } = fields.limits;
  if (base64Bytes(raw) > rawBytesMax) fields.violate('content', `must stand for at most ${rawBytesMax} bytes`);
  const size = fields.value('size');
  if (size !== undefined && size !== base64Bytes(raw)) fields.violate('size', 'must be the number of bytes in content');
  return raw;
}

function base64Of(text: string): string {
  let binary = '';
  for (const byte of utf8.encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** A `Part` as an object of the wire. */
export function wirePart(part: Part): JsonObject {
  const { metadata = {}, filename, mediaType } = part;
  const type = metadata[typeMark];
  const open: [string, JsonValue][] = [];
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(metadata)) {
    if (isTypeOf(part, type) && name === typeMark) continue;
    // The size of other bytes than these would make the part invalid.
    if (name === sizeMark && part.raw !== undefined && value !== base64Bytes(part.raw)) continue;
    const member = name.startsWith(markPrefix) ? name.slice(markPrefix.length) : '';
    const isOpen = member !== '' && value !== null && !ownMembers.has(member);
    if (isOpen) open.push([member, value]);
    else kept.push([name, value]);
  }
  return {
    type: isTypeOf(part, type) ? type : typeOf(part),
    ...contentOf(part),
    ...(mediaType === undefined ? {} : { mimeType: mediaType }),
    ...(filename === undefined ? {} : { filename }),
    ...Object.fromEntries(open),
    ...(kept.length === 0 ? {} : { metadata: Object.fromEntries(kept) }),
  };
}

function contentOf(part: Part): JsonObject {
  if (part.text !== undefined) return { content: part.text };
  if (part.raw !== undefined) return { content: part.raw, encoding: 'base64' };
  if (part.url !== undefined) return { content: null, reference: part.url };
  return { content: part.data };
}

function typeOf({ text, data, mediaType }: Part): PartType {
  if (text !== undefined) return 'TextPart';
  return data === undefined ? fileTypeOf(mediaType) : 'DataPart';
}

/** Whether a kept type can still be the type of the part: bytes are a file, and a reference may be anything. */
function isTypeOf({ raw, url }: Part, type: JsonValue | undefined): type is PartType {
  const known = partTypes.find((candidate) => candidate === type);
  if (known === undefined) return false;
  return url !== undefined || (raw !== undefined && known !== 'TextPart' && known !== 'DataPart');
}

function fileTypeOf(mediaType: string | undefined): PartType {
  if (mediaType?.startsWith('image/') === true) return 'ImagePart';
  return mediaType?.startsWith('audio/') === true ? 'AudioPart' : 'FilePart';
}
