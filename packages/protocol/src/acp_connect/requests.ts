import { decodeObject } from '../codec/index.ts';
import type { DecodeLimits, Fields } from '../codec/index.ts';
import type { JsonObject } from '../model/index.ts';

/** The body of `POST /config`. */
export interface ConfigRequest {
  readonly config: JsonObject;
  readonly metadata: JsonObject | undefined;
}

/** The body of `POST /invoke` and `POST /invoke/stream`. */
export interface InvokeRequest {
  readonly input: JsonObject;
  readonly configId: string | undefined;
  /** Settings of this one call; they go before those of `configId`. */
  readonly config: JsonObject | undefined;
  /** Whether `POST /invoke` answers with events. */
  readonly stream: boolean;
  readonly metadata: JsonObject | undefined;
}

/** Reads the body of `POST /config`; unknown members are ignored. Throws only a `DecodeError`. */
export function decodeConfigRequest(body: unknown, limits: DecodeLimits): ConfigRequest {
  return decodeObject(body, limits, (fields) => ({
    config: requiredStruct(fields, 'config'),
    metadata: fields.struct('metadata'),
  }));
}

/** Reads the body of an invocation; unknown members are ignored. Throws only a `DecodeError`. */
export function decodeInvokeRequest(body: unknown, limits: DecodeLimits): InvokeRequest {
  return decodeObject(body, limits, (fields) => ({
    input: requiredStruct(fields, 'input'),
    configId: fields.optionalId('config_id'),
    config: fields.struct('config'),
    stream: fields.boolean('stream') ?? false,
    metadata: fields.struct('metadata'),
  }));
}

function requiredStruct(fields: Fields, name: string): JsonObject {
  if (fields.value(name) === undefined) fields.violate(name, 'is required');
  return fields.struct(name) ?? {};
}
