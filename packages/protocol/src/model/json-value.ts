/** Any JSON value, as RFC 8259 defines it. Protobuf `Value` on the wire (`Part.data`). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Protobuf `Struct` on the wire (`metadata`, `params`, `header`); its content is never interpreted here. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
