import { decodeErrorInfo, decodeStatus, GRPC_STATUS_DETAILS_BIN } from '@a2a-js/sdk/errors/grpc';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { ServiceError } from '@grpc/grpc-js';
import type { WireFailure } from './binding.ts';
import { badRequestType, errorInfoType } from './wire-errors.ts';

/** A failed call in the form that all bindings share: its details are those of google.rpc.Status in the trailer. */
export function grpcFailure({ metadata, details }: ServiceError, code: string | undefined): WireFailure {
  const [packed] = metadata.get(GRPC_STATUS_DETAILS_BIN);
  const status = Buffer.isBuffer(packed) ? decodeStatus(packed) : undefined;
  return {
    code: code ?? '',
    message: details,
    details: (status?.details ?? []).map(({ typeUrl, value }) => ({ '@type': typeUrl, ...fieldsOf(typeUrl, value) })),
  };
}

function fieldsOf(typeUrl: string, value: Uint8Array): object {
  const bytes = Buffer.from(value);
  if (typeUrl === errorInfoType) return decodeErrorInfo(bytes);
  return typeUrl === badRequestType ? { fieldViolations: fieldsIn(bytes, 1).map(violationIn) } : {};
}

/** google.rpc.BadRequest.FieldViolation: field 1 names it, field 2 says what is wrong. */
const violationIn = (bytes: Uint8Array): object => ({
  field: Buffer.from(fieldsIn(bytes, 1)[0] ?? []).toString(),
  description: Buffer.from(fieldsIn(bytes, 2)[0] ?? []).toString(),
});

/** The values of a length-delimited field. */
function fieldsIn(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted) found.push(reader.bytes());
    else reader.skip(type);
  }
  return found;
}
