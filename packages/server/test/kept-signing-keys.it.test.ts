/**
 * Guarantee: with signing keys outside of the database every process signs with the same key, publishes a new one before it signs with it, and
 * never brings back a dropped one; no private half is in the database. A broken place for the keys stops the start.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createTestDatabase, eventually, FakeClock, plainCard, startTestPlatform } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { verifyCardDocument } from '@colloquy/protocol/signing';
import type { JsonObject } from '@colloquy/protocol';
import { createCardSigner, forwardTokenSigner, KeyVault, SigningKeyRing } from '../src/adapters/keys/index.ts';
import type { SigningKeyPorts } from '../src/adapters/keys/index.ts';
import { localPrivateHalf, thumbprintOf } from '../src/adapters/keys/private-half.ts';
import { openStoredJwk } from '../src/adapters/keys/signing-key.ts';
import { createSigningKeyStore } from '../src/adapters/postgres/access/signing-key-store.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';
import type { PrivateHalf } from '../src/modules/access/index.ts';
import type { NewAuditEntry } from '../src/modules/audit/index.ts';
import { rowsOf } from './access-platform-fixture.ts';

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const newHalf = (): PrivateHalf => localPrivateHalf(newPair().privateKey);
const kidOf = ({ publicHalf }: PrivateHalf): string => thumbprintOf(publicHalf);
const tenantId = `tnt_${'a'.repeat(32)}` as const;
const origin = { entryId: `ent_${'0'.repeat(32)}`, actorId: 'test', requestId: `req_${'0'.repeat(32)}` } as const;
const entry = (at: number): NewAuditEntry => ({
  entryId: `ent_${String(at).padStart(32, '0')}` as const,
  tenantId,
  actorId: 'cli_1',
  action: 'signing-key.rotated',
  outcome: 'succeeded',
  resource: 'keys',
  requestId: `req_${'0'.repeat(32)}`,
  facts: {},
});

/** Something that signs and shows no key, as an object with a state of its own. */
class SigningService implements PrivateHalf {
  readonly #half = newHalf();
  readonly publicHalf = this.#half.publicHalf;
  sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#half.sign(data);
  }
}

/** A place where keys are kept, as one process sees it. */
class Place {
  readonly name = 'PLACE';
  halves: readonly PrivateHalf[];
  constructor(...halves: readonly PrivateHalf[]) {
    this.halves = halves;
  }
  read(): Promise<readonly PrivateHalf[]> {
    return this.halves.length === 0 ? Promise.reject(new Error('The place is gone.')) : Promise.resolve(this.halves);
  }
}

describe('signing keys that are kept elsewhere', () => {
  const vault = new KeyVault(Buffer.alloc(32, 7).map((byte, at) => byte + at));
  let database: TestDatabase;
  let pool: DatabasePool;
  let clock: FakeClock;
  let offsetMs: number;
  const opened: SigningKeyRing[] = [];
  const reported: unknown[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = createPool({
      url: database.adminUrl,
      role: 'colloquy_app',
      connectionsMax: 2,
      applicationName: 'kept-keys',
    });
    await createTenantStore(pool).create({ id: tenantId, slug: 'acme', name: 'Acme' }, origin);
    [clock, offsetMs] = [new FakeClock(), 0];
    reported.length = 0;
  });
  afterEach(async () => {
    for (const ring of opened.splice(0)) ring.close();
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  async function open(source: Place | null): Promise<SigningKeyRing> {
    const ports: SigningKeyPorts = { store: createSigningKeyStore(pool), vault, clock };
    const kept = { source: source ?? new Place(), report: (error: unknown) => void reported.push(error) };
    const ring = await SigningKeyRing.open(source === null ? ports : { ...ports, kept });
    opened.push(ring);
    return ring;
  }
  const kids = (ring: SigningKeyRing): readonly string[] => ring.jwks().keys.map(({ kid }) => kid);
  /** The database's clock goes on, and every process looks. */
  async function later(byMs: number): Promise<void> {
    offsetMs += byMs;
    await database.setClockOffset(offsetMs);
    await clock.advance(limits.signingKeysRefreshMs);
  }
  const signsWith = (ring: SigningKeyRing, kid: string): Promise<unknown> =>
    eventually('it signs with the key', () => ring.current.kid === kid || undefined);

  it('are in the database by their public halves alone, and sign at once where there is no other', async () => {
    const half = newHalf();
    const ring = await open(new Place(half, newHalf()));
    assert.deepEqual([ring.current.kid, kids(ring)], [kidOf(half), [kidOf(half)]], 'only the newest is published');
    const [stored] = await createSigningKeyStore(pool).list();
    assert.ok(stored !== undefined);
    assert.deepEqual(await openStoredJwk(stored, vault), half.publicHalf);
  });

  it('take over from sealed ones once they were published for long enough, and the other way round', async () => {
    const sealed = (await open(null)).current.kid;
    const half = newHalf();
    const ring = await open(new Place(half));
    assert.deepEqual([ring.current.kid, kids(ring)], [sealed, [sealed, kidOf(half)]]);
    await later(limits.signingKeyPublishedMs + 1);
    await signsWith(ring, kidOf(half));
    const back = await open(null);
    assert.equal(back.current.kid, sealed, 'the newest that it can sign with');
    assert.ok((await back.find(kidOf(half))) !== null, 'what the other signed is believed');
    await later(limits.signingKeyPublishedMs + limits.signingKeyHeldMs + 1);
    await eventually('the sealed one has served its time', () => kids(ring).join() === kidOf(half));
    const alone = await open(null);
    assert.notEqual(alone.current.kid, kidOf(half), 'it makes one, for it knows no private half');
  });

  it('change when a new one is put first, at each process once it knows it, and no token is refused', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const places = [new Place(old), new Place(old)] as const;
    const [one, two] = [await open(places[0]), await open(places[1])];
    places[0].halves = [fresh, old];
    await later(1_000);
    await eventually('it is published', () => kids(one).includes(kidOf(fresh)));
    assert.equal(one.current.kid, kidOf(old), 'not before everybody can know it');
    await later(limits.signingKeyPublishedMs);
    await signsWith(one, kidOf(fresh));
    await eventually('the other has heard of it', async () => (await two.find(kidOf(fresh))) !== null);
    assert.equal(two.current.kid, kidOf(old), 'it can not sign with what it does not have');
    places[1].halves = [fresh, old];
    await later(1_000);
    await signsWith(two, kidOf(fresh));
    assert.deepEqual([kids(one), kids(two)], [kids(two), [kidOf(old), kidOf(fresh)]]);
  });

  it('are published at once when they are asked for, with an entry, and there is nothing to ask for without a new one', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const place = new Place(old);
    const ring = await open(place);
    await assert.rejects(ring.rotate(entry(1)), { code: 'access.keys-elsewhere' });
    place.halves = [fresh, old];
    assert.equal(await ring.rotate(entry(2)), kidOf(fresh));
    const noted = await rowsOf<{ resource: string }>(
      database,
      "select resource from colloquy.audit_entries where action = 'signing-key.rotated'",
    );
    assert.equal(noted.length, 1);
    assert.equal(await ring.rotate(entry(3)), null, 'it is on its way');
  });

  it('were put there, published and asked for again are on their way until they sign', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const place = new Place(old);
    const ring = await open(place);
    place.halves = [fresh, old];
    await later(1_000);
    await eventually('it is published', () => kids(ring).includes(kidOf(fresh)));
    assert.equal(await ring.rotate(entry(1)), null);
    await later(limits.signingKeyPublishedMs);
    await signsWith(ring, kidOf(fresh));
    await assert.rejects(ring.rotate(entry(2)), { code: 'access.keys-elsewhere' });
  });

  it('of a process that was left with none that is in use are told of, because it can not sign', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const place = new Place(old);
    const [left, ahead] = [await open(place), await open(new Place(old))];
    await open(new Place(fresh, old));
    await later(limits.signingKeyPublishedMs + limits.signingKeyHeldMs + 1);
    await eventually('the old one has served its time', () => kids(ahead).join() === kidOf(fresh));
    await later(1_000);
    await eventually('it is told', () => /PLACE: its first key, .* has served its time/.test(reported.join()));
    assert.throws(() => left.current, { code: 'platform.unavailable' });
    place.halves = [fresh, old];
    await later(1_000);
    await signsWith(left, kidOf(fresh));
  });

  it('are dropped for ever, but not the last one that can sign', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const place = new Place(old);
    const ring = await open(place);
    await assert.rejects(ring.drop(kidOf(old), entry(1)), { code: 'access.keys-elsewhere' });
    assert.ok((await ring.find(kidOf(old))) !== null);
    place.halves = [fresh, old];
    assert.equal(await ring.drop(kidOf(old), entry(2)), true);
    assert.deepEqual([ring.current.kid, kids(ring)], [kidOf(fresh), [kidOf(fresh)]]);
    await assert.rejects(open(new Place(old)), /PLACE: its first key, .* was dropped; put a new one before it/);
    assert.deepEqual(kids(await open(place)), [kidOf(fresh)]);
  });

  it('that can not be read any more go on as they are, and it is told', async () => {
    const half = newHalf();
    const place = new Place(half);
    const ring = await open(place);
    place.halves = [];
    await later(1_000);
    await eventually('it is told', () => reported.length > 0 || undefined);
    assert.equal(ring.current.kid, kidOf(half));
    await assert.rejects(open(place), /The place is gone/);
  });

  it('that can not be read any more are dropped all the same, everywhere', async () => {
    const [old, fresh] = [newHalf(), newHalf()];
    const place = new Place(old);
    const [one, deaf] = [await open(place), await open(place)];
    place.halves = [fresh, old];
    await later(1_000);
    await eventually('both know it', () => [one, deaf].every((ring) => kids(ring).includes(kidOf(fresh))));
    place.halves = [];
    await assert.rejects(one.rotate(entry(1)), { code: 'access.keys-elsewhere' });
    assert.equal(await one.drop(kidOf(old), entry(2)), true);
    await later(1_000);
    await eventually('who hears of nothing has looked', () => kids(deaf).join() === kidOf(fresh));
    assert.deepEqual([one.current.kid, deaf.current.kid], [kidOf(fresh), kidOf(fresh)]);
    await assert.rejects(one.drop(kidOf(fresh), entry(3)), { code: 'access.keys-elsewhere' });
  });

  it('sign tokens and cards also where only signatures leave the place', async () => {
    const ring = await open(new Place(new SigningService()));
    const keys = createLocalJWKSet({ keys: ring.jwks().keys.map((key) => ({ ...key })) });
    const issuer = 'https://colloquy.example';
    const claims = {
      audience: 'https://agent.example',
      subject: 'cli_1',
      tenantSlug: 'acme',
      taskIds: [],
      nowMs: Date.now(),
    };
    const token = await forwardTokenSigner(issuer, ring)(claims);
    assert.equal((await jwtVerify(token, keys, { issuer, audience: claims.audience })).payload['tenant'], 'acme');
    const card = plainCard('Worker', 'Works.');
    const signatures = await createCardSigner(() => issuer, ring).sign(card);
    // A card is a JSON object.
    const document = { ...card, signatures } as unknown as JsonObject;
    const [jwk] = ring.jwks().keys;
    assert.ok(jwk !== undefined && signatures.length > 0);
    const verdict = await verifyCardDocument(document, [
      { kid: jwk.kid, algorithms: ['ES256'], publicKey: { ...jwk } },
    ]);
    assert.equal(verdict.state, 'verified');
  });
});

describe('a platform with a file of signing keys', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'colloquy-signing-'))));
  after(() => rm(folder, { recursive: true }));

  it('signs with them, is believed by one without, and does not start with a broken one', async () => {
    const { privateKey } = newPair();
    const file = join(folder, 'signing.pem');
    await writeFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    const env = { COLLOQUY_SIGNING_KEY_FILE: file };
    await using platform = await startTestPlatform({ env });
    const { client } = await platform.createTenant('acme');
    const token = await client.token();
    assert.equal(decodeProtectedHeader(token).kid, kidOf(localPrivateHalf(privateKey)));
    const { database } = platform;
    await using other = await startTestPlatform({ database, env: { COLLOQUY_PUBLIC_URL: platform.url } });
    const authorization = `Bearer ${token}`;
    const answer = await fetch(`${other.url}/api/v1/tenants/acme/agents`, { headers: { authorization } });
    assert.equal(answer.status, 200);
    await writeFile(file, 'no key');
    await assert.rejects(startTestPlatform({ database, env }), { name: 'SigningKeySourceError' });
  });
});
