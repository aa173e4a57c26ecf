/** Guarantee: a registration that could shadow a name, overflow an amount or smuggle a header is refused, naming the field. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registrationViolations } from './registration-rules.ts';
import type { RegistrationSettings } from './registration-rules.ts';

const plain: RegistrationSettings = {
  name: 'echo',
  priceMicrocredits: null,
  idempotent: null,
  taskMsMax: null,
  cardVisibility: null,
  credential: null,
  cardPolicy: { signatures: null, approval: null },
  extendedSkillIds: [],
  profile: null,
};
const apiKey = { kind: 'api-key', value: 'k3y', header: null } as const;
const bearer = { kind: 'bearer', value: 'abc.def-ghi_jkl~mno+pqr/stu==', header: null } as const;

const accepted: Readonly<Record<string, Partial<RegistrationSettings>>> = {
  'nothing but a name': {},
  'a free agent': { priceMicrocredits: 0n },
  'the largest price': { priceMicrocredits: 9_000_000_000_000_000n },
  'the shortest task': { taskMsMax: 100 },
  'a day of work': { taskMsMax: 86_400_000 },
  'a bearer token': { credential: bearer },
  'an API key in the default header': { credential: apiKey },
  'an API key in a named header': { credential: { ...apiKey, header: 'X-Agent-Key' } },
  'an API key as Authorization': { credential: { ...apiKey, header: 'Authorization' } },
};

const refused: Readonly<Record<string, [Partial<RegistrationSettings>, string]>> = {
  'a homoglyph of another name': [{ name: 'ech\u043e' }, 'name'],
  'another case of another name': [{ name: 'Echo' }, 'name'],
  'a trailing space': [{ name: 'echo ' }, 'name'],
  'a negative price': [{ priceMicrocredits: -1n }, 'priceMicrocredits'],
  'a price beyond exact numbers': [{ priceMicrocredits: 9_000_000_000_000_001n }, 'priceMicrocredits'],
  'a task of no time': [{ taskMsMax: 99 }, 'taskMsMax'],
  'a task without end': [{ taskMsMax: 86_400_001 }, 'taskMsMax'],
  'an empty key': [{ credential: { ...apiKey, value: '' } }, 'credential.value'],
  'a line break in a key': [{ credential: { ...apiKey, value: 'a\r\nX-Admin: 1' } }, 'credential.value'],
  'a key with a space': [{ credential: { ...apiKey, value: 'a b' } }, 'credential.value'],
  'a huge key': [{ credential: { ...apiKey, value: 'a'.repeat(4097) } }, 'credential.value'],
  'a bearer token that is none': [{ credential: { ...bearer, value: 'a,b' } }, 'credential.value'],
  'a header for a bearer token': [{ credential: { ...bearer, header: 'X-Key' } }, 'credential.header'],
  'the Host header': [{ credential: { ...apiKey, header: 'Host' } }, 'credential.header'],
  'a hop-by-hop header': [{ credential: { ...apiKey, header: 'Transfer-Encoding' } }, 'credential.header'],
  'a header of the protocol': [{ credential: { ...apiKey, header: 'A2A-Version' } }, 'credential.header'],
  'a line break in a header': [{ credential: { ...apiKey, header: 'X-A\r\nX-B' } }, 'credential.header'],
};

describe('registration rules', () => {
  for (const [what, settings] of Object.entries(accepted)) {
    it(`accept ${what}`, () => assert.deepEqual(registrationViolations({ ...plain, ...settings }), []));
  }

  for (const [what, [settings, field]] of Object.entries(refused)) {
    it(`refuse ${what}`, () => {
      const violations = registrationViolations({ ...plain, ...settings });
      assert.deepEqual(
        violations.map((violation) => violation.field),
        [field],
      );
      assert.doesNotMatch(violations[0]?.description ?? '', /X-Admin|a,b/);
    });
  }

  it('name every wrong field at once', () => {
    const violations = registrationViolations({ ...plain, name: '', priceMicrocredits: -1n, taskMsMax: 0 });
    assert.deepEqual(
      violations.map((violation) => violation.field),
      ['name', 'priceMicrocredits', 'taskMsMax'],
    );
  });
});
