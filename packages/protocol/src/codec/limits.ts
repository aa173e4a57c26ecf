/** Bounds of the decoders. Each breach is a field violation; nothing is cut to fit. */
export interface DecodeLimits {
  /** Parts of one message or artifact. */
  readonly partsMax: number;
  /** UTF-8 bytes of one text part. */
  readonly textBytesMax: number;
  /** Decoded bytes of one raw part. */
  readonly rawBytesMax: number;
  /** UTF-16 units of an id or a routing tag. */
  readonly idCharsMax: number;
  /** UTF-16 units of any other string: names, descriptions, URLs, media types, tokens. */
  readonly stringCharsMax: number;
  /** Items of lists and maps of short values: extensions, tags, skills, security schemes. */
  readonly itemsMax: number;
  /** Artifacts of one task, tasks of one page. */
  readonly artifactsMax: number;
  /** Messages of one task's history. */
  readonly historyMax: number;
  /** Nesting of `metadata`, `params`, `header` and `data`; a struct of scalars has depth 1. */
  readonly structDepthMax: number;
}

/** Bounds for hosts that set none of their own. */
export const defaultDecodeLimits: DecodeLimits = {
  partsMax: 1_000,
  textBytesMax: 4_194_304,
  rawBytesMax: 8_388_608,
  idCharsMax: 256,
  stringCharsMax: 8_192,
  itemsMax: 256,
  artifactsMax: 1_000,
  historyMax: 10_000,
  structDepthMax: 32,
};
