/** Guarantee: a card is shown to callers that may see it, names the platform's address and not the agent's, and can be cached. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { AgentCard } from '@colloquy/protocol';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

const wellKnown = '/.well-known/agent-card.json';

describe('the card of an agent', () => {
  let setting: A2aSetting;
  before(async () => {
    setting = await startA2aSetting();
    const card = new URL(wellKnown, setting.agent.url).href;
    await setting.tenant.client.admin.registerAgent({
      body: { name: 'open', cardUrl: card, cardVisibility: 'public' },
    });
  });
  after(() => setting[Symbol.asyncDispose]());
  const openPath = (): string => setting.path.replace('/worker', '/open');

  it('of a tenant is shown to the tenant, with our address and our ways to authenticate', async () => {
    const { status, headers, json } = await setting.call(setting.path + wellKnown);
    const card = json as AgentCard;
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'application/json');
    assert.match(headers.get('cache-control') ?? '', /^private, max-age=/);
    const url = `${setting.platform.url}${setting.path}`;
    assert.deepEqual(
      card.supportedInterfaces.filter(({ protocolBinding }) => protocolBinding !== 'GRPC'),
      ['1.0', '0.3'].flatMap((protocolVersion) =>
        ['JSONRPC', 'HTTP+JSON'].map((protocolBinding) => ({ url, protocolBinding, protocolVersion })),
      ),
    );
    assert.doesNotMatch(JSON.stringify(card), new RegExp(new URL(setting.agent.url).host));
  });

  it('and every operation are also found by clients that append a path to the address with its slash', async () => {
    const { url } = await setting.tenant.client.admin.getAgent({ agent: 'worker' });
    const address = url.slice(setting.platform.url.length);
    assert.equal(address, `${setting.path}/`);

    const [card, appended] = await Promise.all([setting.path, address].map((at) => setting.call(at + wellKnown)));
    assert.deepEqual([appended?.status, appended?.text], [200, card?.text]);
    const call = { method: 'POST', headers: { ...json, ...version }, body: JSON.stringify(say('hello')) };
    const sent = await setting.call(`${address}/message:send`, call);
    assert.equal(sent.status, 200, sent.text);
  });

  it('of a tenant is asked for a token, whether the agent exists or not', async () => {
    for (const agent of ['worker', 'missing']) {
      const path = setting.path.replace('worker', agent) + wellKnown;
      const { status, headers } = await setting.call(path, { token: null });
      assert.equal(status, 401);
      const described = `oauth-protected-resource${path.slice(0, -wellKnown.length)}`;
      assert.match(
        headers.get('www-authenticate') ?? '',
        new RegExp(`^Bearer resource_metadata="[^"]+/${described}"$`),
      );
    }
  });

  it('of another tenant looks like none', async () => {
    const other = await setting.platform.createTenant(`other-${randomUUID().slice(0, 8)}`);
    const token = await setting.tokenFor(other);
    const foreign = await setting.call(setting.path + wellKnown, { token });
    const missing = await setting.call(`/t/nowhere/agents/worker${wellKnown}`, { token });
    assert.deepEqual([foreign.status, missing.status], [404, 404]);
    const plain = (text: string): string => text.replace(/req_[0-9a-f]{32}/, 'req');
    assert.equal(plain(foreign.text), plain(missing.text));
  });

  it('needs the scope for reading', async () => {
    const token = await setting.tokenFor(setting.tenant, 'a2a:send');
    assert.equal((await setting.call(setting.path + wellKnown, { token })).status, 403);
  });

  it('that is public is shown to everybody', async () => {
    const { status, headers } = await setting.call(openPath() + wellKnown, { token: null });
    assert.equal(status, 200);
    assert.match(headers.get('cache-control') ?? '', /^public, max-age=/);
  });

  it('can be kept: an unchanged card is not sent again', async () => {
    const first = await setting.call(setting.path + wellKnown);
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^"[0-9a-f]{32}-1\.0\+0\.3"$/);
    assert.ok(Date.parse(first.headers.get('last-modified') ?? '') > 0);
    for (const condition of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await setting.call(setting.path + wellKnown, { headers: { 'if-none-match': condition } });
      assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
    }
    const other = await setting.call(setting.path + wellKnown, { headers: { 'if-none-match': '"x"' } });
    assert.deepEqual([other.status, other.text], [200, first.text]);
    const lastModified = first.headers.get('last-modified') ?? '';
    const since = (date: string, more: Record<string, string> = {}): Promise<{ status: number }> =>
      setting.call(setting.path + wellKnown, { headers: { 'if-modified-since': date, ...more } });
    assert.equal((await since(lastModified)).status, 304);
    assert.equal((await since(new Date(Date.parse(lastModified) - 1000).toUTCString())).status, 200);
    assert.equal((await since('yesterday')).status, 200);
    assert.equal((await since(lastModified, { 'if-none-match': '"x"' })).status, 200, 'the tag counts, not the date');
    const head = await setting.call(setting.path + wellKnown, { method: 'HEAD' });
    assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', etag]);
  });

  it('is as the last change made it, from its answer on, and gone with its agent', async () => {
    const { client, slug } = setting.tenant;
    const card = new URL(wellKnown, setting.agent.url).href;
    const path = setting.path.replace('/worker', '/changing');
    const open = { name: 'changing', cardUrl: card, cardVisibility: 'public' } as const;
    const shownTo = async (token: string | null | undefined): Promise<string> => {
      const { status, text } = await setting.call(path + wellKnown, token === undefined ? {} : { token });
      return status === 200 ? (/moved-\d+/.exec(text)?.[0] ?? 'as it came') : String(status);
    };
    for (let turn = 0; turn < 5; turn += 1) {
      await client.admin.registerAgent({ body: turn % 2 === 0 ? open : { ...open, cardVisibility: 'tenant' } });
      const outsider = turn % 2 === 0 ? 'as it came' : '401';
      assert.deepEqual(
        [await shownTo(null), await shownTo(undefined), await shownTo(null)],
        [outsider, 'as it came', outsider],
      );
      const moved = await setting.call(`/api/v1/tenants/${slug}/agents/changing/profile`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ profile: { department: `moved-${turn}` } }),
      });
      assert.equal(moved.status, 200, moved.text);
      assert.equal(await shownTo(undefined), `moved-${turn}`);
      await client.admin.deregisterAgent({ agent: 'changing' });
      assert.deepEqual([await shownTo(undefined), await shownTo(null)], ['404', '401']);
    }
  });
});
