/**
 * Guarantee: over gRPC, over streams and at cards a token that is bound to a key or a certificate serves its holder alone: any other client
 * shows it gets one answer, and nothing changes (T11).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, selfSigned } from '@colloquy/testkit';
import type { TestCertificate } from '@colloquy/testkit';
import { json, say, version } from './a2a-setting.ts';
import { createProofMaker } from './proof-maker.ts';
import type { ProofInput, ProofMaker } from './proof-maker.ts';
import { startSenderSetting } from './sender-bound-setting.ts';
import type { BoundCall, SenderSetting } from './sender-bound-setting.ts';

type Fields = Readonly<Record<string, string>>;

const scopes = ['a2a:send', 'a2a:read'];
const nowMs = (): number => Date.now();
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a bound token', () => {
  let setting: SenderSetting;
  before(async () => {
    setting = await startSenderSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const askToken = (fields: Fields, body: Fields, as: TestCertificate | null) => {
    const text = new URLSearchParams({ grant_type: 'client_credentials', ...body }).toString();
    return setting.request('/oauth/token', { method: 'POST', headers: { ...form, ...fields }, body: text }, as);
  };

  /** A task of the token's own client that goes on until the agent is released. */
  async function heldTask(fields: Fields, as: TestCertificate | null): Promise<string> {
    const params = { ...say('hold on'), configuration: { returnImmediately: true } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params });
    const init = { method: 'POST', headers: { ...json, ...version, ...fields }, body };
    const answer = await setting.request(setting.base.path, init, as);
    const { result } = (await answer.json()) as { result?: { task?: { id?: string } } };
    const { id } = result?.task ?? {};
    assert.ok(id !== undefined, 'the holder’s task is recorded');
    return id;
  }

  /** Every row that work leaves, once nothing is under way but what holds. */
  async function rowsAtRest(): Promise<string> {
    let last = '';
    await eventually('what was sent is done', async () => {
      const [before, now] = [last, await setting.base.everyRow()];
      last = now;
      return before === now;
    });
    return last;
  }

  /** Nothing of what was tried is heard by the agent, or leaves a row. */
  async function assertRefusedAlike(attempts: readonly (() => Promise<string>)[]): Promise<string> {
    const [rows, heard] = [await rowsAtRest(), setting.base.agent.heard.length];
    const answers: string[] = [];
    for (const attempt of attempts) answers.push(await attempt());
    assert.equal(new Set(answers).size, 1, answers.join('\n'));
    assert.equal(setting.base.agent.heard.length, heard);
    assert.equal(await setting.base.everyRow(), rows);
    return answers[0] ?? '';
  }

  async function refusal(call: BoundCall, fields: Fields, as: TestCertificate | null = null): Promise<string> {
    const { isIn, answer } = await call.send(fields, as);
    assert.equal(isIn, false, `${call.name}: ${answer}`);
    return answer;
  }

  const asUnknown = (call: BoundCall) => (): Promise<string> => refusal(call, { authorization: 'Bearer made-up' });

  describe('with the key of proofs', () => {
    let [key, thief]: ProofMaker[] = [];
    let token: string;
    let nonce: string;
    let calls: readonly BoundCall[];
    const spent = new Map<BoundCall, string>();

    const prove = async (call: Pick<BoundCall, 'method' | 'path'>, input: Partial<ProofInput> = {}, by = key) => {
      const url = setting.base.platform.url + call.path;
      return (await by?.prove({ method: call.method, url, token, nonce, ...input })) ?? '';
    };
    const proven = (dpop: string): Fields => ({ authorization: `DPoP ${token}`, dpop });

    before(async () => {
      [key, thief] = [await createProofMaker(nowMs), await createProofMaker(nowMs)];
      const { admin } = setting.base.tenant.client;
      const { clientId, clientSecret } = await admin.createClient({
        body: { name: 'proves', scopes, tokenBinding: 'dpop' },
      });
      const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
      const asked = { method: 'POST', url: `${setting.base.platform.url}/oauth/token` };
      const first = await askToken({ authorization, dpop: (await key?.prove(asked)) ?? '' }, {}, null);
      const dpop = (await key?.prove({ ...asked, nonce: first.headers.get('dpop-nonce') ?? '' })) ?? '';
      ({ access_token: token } = (await (await askToken({ authorization, dpop }, {}, null)).json()) as {
        access_token: string;
      });
      const card = { method: 'GET', path: `${setting.base.path}/.well-known/agent-card.json` } as const;
      const unknown = await prove(card, { nonce: 'x' });
      const refused = await setting.request(card.path, { headers: proven(unknown) }, null);
      nonce = refused.headers.get('dpop-nonce') ?? '';
      const taskId = await heldTask(proven(await prove({ method: 'POST', path: setting.base.path })), null);
      calls = setting.calls(taskId);
    });

    it('serves its holder at every one of them', async () => {
      for (const call of calls) {
        const proof = await prove(call);
        const { isIn, answer } = await call.send(proven(proof), null);
        assert.ok(isIn, `${call.name}: ${answer}`);
        spent.set(call, proof);
      }
      assert.equal(spent.size, 16);
    });

    it('serves no client without a proof of this key for this request, and answers every one of them the same', async () => {
      for (const call of calls) {
        const told = await assertRefusedAlike([
          () => refusal(call, { authorization: `DPoP ${token}` }),
          async () => refusal(call, proven(await prove(call, {}, thief))),
          () => refusal(call, proven(spent.get(call) ?? '')),
          async () => refusal(call, proven(await prove(call, { method: call.method === 'GET' ? 'POST' : 'GET' }))),
          async () => refusal(call, proven(await prove(call, { url: `${setting.base.platform.url}${call.path}/x` }))),
          async () => refusal(call, proven(await prove(call, { url: `https://elsewhere.example${call.path}` }))),
          async () => refusal(call, proven(await prove(call, { token: 'another' }))),
        ]);
        assert.match(told, /access\.proof-invalid/, call.name);
      }
    });

    it('serves no client as a bearer token, and reveals no more than a made-up token', async () => {
      for (const call of calls) {
        const told = await assertRefusedAlike([
          asUnknown(call),
          () => refusal(call, { authorization: `Bearer ${token}` }),
          async () => refusal(call, { ...proven(await prove(call)), authorization: `Bearer ${token}` }),
        ]);
        assert.match(told, /access\.unauthenticated/, call.name);
      }
    });
  });

  describe('with a certificate', () => {
    const worker = { subject: 'O=Example, CN=worker' };
    let [own, twin]: TestCertificate[] = [];
    let token: string;
    let calls: readonly BoundCall[];
    const bearer = (): Fields => ({ authorization: `Bearer ${token}` });

    before(async () => {
      [own, twin] = [await selfSigned(worker), await selfSigned(worker)];
      const { clientId } = await setting.base.tenant.client.admin.createClient({
        body: {
          name: 'shows',
          scopes,
          authentication: { method: 'self_signed_tls_client_auth', certificates: [own?.certificate ?? ''] },
        },
      });
      const answer = await askToken({}, { client_id: clientId }, own ?? null);
      ({ access_token: token } = (await answer.json()) as { access_token: string });
      calls = setting.calls(await heldTask(bearer(), own ?? null));
    });

    it('serves its holder at every one of them', async () => {
      for (const call of calls) {
        const { isIn, answer } = await call.send(bearer(), own ?? null);
        assert.ok(isIn, `${call.name}: ${answer}`);
      }
      assert.equal(calls.length, 16);
    });

    it('serves no client with another certificate or none, and reveals no more than a made-up token', async () => {
      const told = { 'client-cert': `:${own?.der.toString('base64') ?? ''}:` };
      for (const call of calls) {
        const answer = await assertRefusedAlike([
          asUnknown(call),
          () => refusal(call, bearer()),
          () => refusal(call, bearer(), twin),
          () => refusal(call, { ...bearer(), ...told }),
          () => refusal(call, { authorization: `DPoP ${token}` }, own),
        ]);
        assert.match(answer, /access\.unauthenticated/, call.name);
      }
    });
  });
});
