/**
 * Guarantee: a request that is begun and whose body is held back until the rights of its client have ended has no effect, over any protocol (T11,
 * T14, T25).
 */
import assert from 'node:assert/strict';
import { request as openRequest } from 'node:http';
import type { ClientRequest } from 'node:http';
import { describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { framed, startGrpcSetting, words } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';

/** A request whose fields and the first byte of whose body are there, and the status that it gets in the end. */
function begin(setting: GrpcSetting, path: string, rest: string): { finish: () => void; status: Promise<number> } {
  const body = Buffer.from(rest);
  const headers = {
    authorization: `Bearer ${setting.token}`,
    'content-type': 'application/json',
    'content-length': body.length,
    'a2a-version': '1.0',
  };
  const status = Promise.withResolvers<number>();
  const asked: ClientRequest = openRequest(`${setting.platform.url}${path}`, { method: 'POST', headers }, (answer) => {
    answer.resume();
    status.resolve(answer.statusCode ?? 0);
  });
  asked.on('error', status.reject);
  asked.write(body.subarray(0, 1));
  return { finish: () => asked.end(body.subarray(1)), status: status.promise };
}

/** One of each protocol, all of them let in and none of them there yet. */
function beginAll(setting: GrpcSetting) {
  const { slug } = setting.tenant;
  const send = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: words('late') };
  const begun = {
    'JSON-RPC': begin(setting, `/t/${slug}/agents/worker`, JSON.stringify(send)),
    REST: begin(setting, `/t/${slug}/agents/worker/message:send`, JSON.stringify(words('late'))),
    admin: begin(setting, `/api/v1/tenants/${slug}/agents`, JSON.stringify({ name: 'late', card: {} })),
    discovery: begin(setting, '/discovery/agents/register', JSON.stringify({ name: 'late' })),
  };
  const bytes = framed('SendMessageRequest', { tenant: setting.tag, ...words('late') });
  const call = setting.open('SendMessage', bytes, { isOpen: true });
  return { begun, call };
}

/** Waits until the platform no longer relies on the rights that it has just checked. */
function late(): Promise<unknown> {
  const fromMs = performance.now();
  return eventually('the callers were let in a while ago', () => performance.now() - fromMs > limits.callerKnownMs);
}

const unknown = 401;
const grpcUnknown = 16;

describe('a request whose body comes late', () => {
  it('is refused when its client was stopped meanwhile', async () => {
    await using setting = await startGrpcSetting();
    const { platform, tenant } = setting;
    const heardBefore = setting.agent.heard.length;
    const { begun, call } = beginAll(setting);
    await late();
    const admin = platform.operator.admin.forTenant(tenant.slug);
    await admin.stopPrincipal({ principal: tenant.clientId, body: { reason: 'it holds its bodies back' } });
    const headers = { authorization: `Bearer ${setting.token}` };
    const isOut = async (): Promise<boolean> =>
      (await fetch(`${platform.url}/api/v1/tenants/${tenant.slug}/agents`, { headers })).status === unknown;
    await eventually('the client is out', isOut);
    for (const { finish } of Object.values(begun)) finish();
    call.stream.end();
    for (const [protocol, { status }] of Object.entries(begun)) assert.equal(await status, unknown, protocol);
    const { code, reasons } = await call.end;
    assert.deepEqual([code, reasons], [grpcUnknown, ['access.unauthenticated']]);
    assert.equal(setting.agent.heard.length, heardBefore, 'and no agent heard of it');
    assert.deepEqual(await setting.rows('select from colloquy.tasks'), [], 'and nothing was recorded');
    assert.equal((await setting.rows('select from colloquy.agents')).length, 1);
  });

  it('is served as ever when nothing was taken', async () => {
    await using setting = await startGrpcSetting();
    const { begun, call } = beginAll(setting);
    await late();
    for (const { finish } of Object.values(begun)) finish();
    call.stream.end();
    assert.equal(await begun['JSON-RPC'].status, 200);
    assert.equal(await begun.REST.status, 200);
    for (const { status } of [begun.admin, begun.discovery]) assert.ok([400, 403, 404].includes(await status));
    assert.equal((await call.end).code, 0);
  });
});
