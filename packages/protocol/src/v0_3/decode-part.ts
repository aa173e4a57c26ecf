import { present } from '../codec/index.ts';
import type { Fields } from '../codec/index.ts';
import type { DataPart, JsonObject, JsonValue, Part, PartAnnotations } from '../model/index.ts';
import type { Dialect } from './names.ts';

/**
 * Marks a data part whose content is no object, which 0.3 can not say: the content is under `value`. The mark is the official
 * SDK's, so that both sides undo each other's wrapping.
 */
export const wrappedDataMark = 'data_part_compat';

/** Reads parts, one at least, under the name that the place has for them. */
export function partsFrom(fields: Fields, name: string, dialect: Dialect): readonly Part[] {
  return fields.requiredObjects(name, fields.limits.partsMax, (part) => partFrom(part, dialect));
}

function partFrom(fields: Fields, dialect: Dialect): Part {
  const kind = fields.optionalString('kind');
  // Members without a marker tell the kind in HTTP+JSON; its specification also shows parts with the markers of JSON-RPC.
  if (kind === undefined && dialect === 'proto') return protoPartFrom(fields);
  switch (kind) {
    case 'text':
      return textFrom(fields);
    case 'file':
      return fields.requiredObject('file', (file) => filePartFrom(file, fields));
    case 'data':
      return dataPart(requiredStruct(fields, 'data'), fields.struct('metadata'));
    default:
      fields.violate('kind', 'must be one of text, file, data');
      return { text: '' };
  }
}

function protoPartFrom(fields: Fields): Part {
  switch (fields.oneOf(['text', 'file', 'data'])) {
    case 'file':
      return fields.requiredObject('file', (file) => filePartFrom(file, fields));
    case 'data':
      return dataPart(
        fields.requiredObject('data', (data) => requiredStruct(data, 'data')),
        fields.struct('metadata'),
      );
    default:
      return textFrom(fields);
  }
}

function textFrom(fields: Fields): Part {
  if (fields.value('text') === undefined) fields.violate('text', 'is required');
  return { text: fields.text('text'), ...metadataOf(fields.struct('metadata')) };
}

const contents = ['bytes', 'uri', 'fileWithBytes', 'fileWithUri'] as const;

function filePartFrom(file: Fields, part: Fields): Part {
  const content = file.oneOf(contents);
  const annotations = present<PartAnnotations>({
    metadata: part.struct('metadata'),
    filename: file.optionalString('name'),
    mediaType: file.optionalString('mimeType'),
  });
  if (content === 'uri' || content === 'fileWithUri') return { url: file.requiredString(content), ...annotations };
  return { raw: content === undefined ? '' : file.base64(content), ...annotations };
}

function requiredStruct(fields: Fields, name: string): JsonObject {
  if (fields.value(name) === undefined) fields.violate(name, 'is required');
  return fields.struct(name) ?? {};
}

function dataPart(data: JsonObject, metadata: JsonObject | undefined): DataPart {
  if (metadata?.[wrappedDataMark] !== true) return { data, ...metadataOf(metadata) };
  const { [wrappedDataMark]: _mark, ...rest } = metadata;
  const value: JsonValue | undefined = data['value'];
  return { data: value ?? null, ...(Object.keys(rest).length === 0 ? {} : { metadata: rest }) };
}

function metadataOf(metadata: JsonObject | undefined): Pick<PartAnnotations, 'metadata'> {
  return metadata === undefined ? {} : { metadata };
}
