import { impliedVersion, namedVersion, versionHeader } from '@colloquy/protocol/v1';
import type { NamedVersion } from '@colloquy/protocol/v1';
import type { FastifyRequest } from 'fastify';
import { ProtocolRefusal, unknownMethod } from './protocol-refusal.ts';
import type { RestForm, RpcForm } from './wire-form.ts';
import { plainMessageV01, plainTaskV01, rpcV01 } from './wire-v0-1.ts';
import { restV03, rpcV03 } from './wire-v0-3.ts';
import { restV1, rpcV1 } from './wire-v1.ts';

/** Every form of JSON-RPC, those that claim the fewest requests first. A form is added here, and nowhere else. */
const rpcForms: readonly RpcForm[] = [rpcV01, rpcV03, rpcV1];

/** Every form of HTTP+JSON, in the same order. A2A 1.0 has the paths that no other form claims. */
const restForms: readonly RestForm[] = [plainTaskV01, plainMessageV01, restV03, restV1];

/**
 * The form of a JSON-RPC call. A named version decides; without one the method does, since callers older than 1.0 name none.
 * A method of 1.0 without its version is refused, as A2A 1.0 section 3.6.2 has it.
 */
export function rpcFormOf(request: FastifyRequest, query: string, method: string, params: unknown): RpcForm {
  if (request.headers['a2a-version'] === rpcV1.version) return rpcV1;
  const named = versionOf(request, query);
  const ofVersion = named === undefined ? rpcForms : rpcForms.filter(({ version }) => version === named.majorMinor);
  const form = ofVersion.find((candidate) => candidate.claims(method, params));
  if (form !== undefined) return form;
  if (named === undefined) {
    const knowing = rpcForms.filter(({ operationOf }) => operationOf(method) !== undefined);
    throw knowing.length === 0 ? unknownMethod() : versionRefusal(undefined, knowing);
  }
  const [first] = ofVersion;
  if (first !== undefined) return first;
  throw versionRefusal(named.shown, rpcForms);
}

/** The form of a call over HTTP+JSON: its path tells. */
export function restFormOf(verb: string, path: string): RestForm {
  return restForms.find((form) => form.claims(verb, path)) ?? restV1;
}

/** Throws when a call names another version than the one that its path belongs to. Without one, only 1.0 is refused. */
export function assertRestVersion(request: FastifyRequest, query: string, form: RestForm): void {
  if (request.headers['a2a-version'] === form.version) return;
  const named = versionOf(request, query);
  const isMeant = named === undefined ? form.version !== restV1.version : named.majorMinor === form.version;
  if (!isMeant) throw versionRefusal(named?.shown, [form]);
}

function versionOf(request: FastifyRequest, query: string): NamedVersion | undefined {
  const header = request.headers['a2a-version'];
  const parameter = query === '' ? undefined : (new URLSearchParams(query).get(versionHeader) ?? undefined);
  return namedVersion(typeof header === 'string' ? header : undefined, parameter);
}

function versionRefusal(named: string | undefined, forms: readonly { readonly version: string }[]): ProtocolRefusal {
  const supported = [...new Set(forms.map(({ version }) => version))];
  const asked =
    named === undefined
      ? `Without ${versionHeader} a request is one of A2A ${impliedVersion}, which has no such operation`
      : `A2A version ${named} is not supported here`;
  return new ProtocolRefusal('VersionNotSupportedError', {
    message: `${asked}; send the header ${versionHeader}: ${supported.join(', ')}.`,
    details: { requestedVersion: named ?? impliedVersion, supportedVersions: supported.join(',') },
  });
}
