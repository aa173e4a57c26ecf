/** Guarantee: a key has one shape that secret scanners find, and a mistyped or invented key is refused without a lookup. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { PlatformError } from '../../kernel/errors.ts';
import { apiKeyIdIn, apiKeySecretBytes, apiKeyText } from './api-key-text.ts';
import { judgeApiKey } from './judge-api-key.ts';

const keyId = 'apk_0192f0c1a2b37c4d8e5f60718293a4b5';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.';

/** No test here may reach a store. */
const untouched = (): never => assert.fail('a text that is no key was looked up');
const judge = judgeApiKey({
  apiKeys: { find: untouched },
  secrets: { hash: untouched },
  uses: { note: untouched },
  clock: { nowMs: untouched, monotonicMs: untouched, after: untouched },
});

describe('the text of an API key', () => {
  it('is one word of one length, whatever the secret, and gives its id back', () => {
    const secrets = [Buffer.alloc(apiKeySecretBytes), Buffer.alloc(apiKeySecretBytes, 255)];
    for (const secret of [...secrets, ...Array.from({ length: 200 }, () => randomBytes(apiKeySecretBytes))]) {
      const text = apiKeyText(keyId, secret);
      assert.match(text, /^clq_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
      assert.equal(apiKeyIdIn(text), keyId);
    }
    assert.equal(new Set(secrets.map((secret) => apiKeyText(keyId, secret))).size, 2);
  });

  it('with any one character replaced, left out, doubled or swapped is refused without a lookup', async () => {
    const text = apiKeyText(keyId, randomBytes(apiKeySecretBytes));
    const wrong = new Set<string>([
      `${text}\n`,
      ` ${text}`,
      text.toUpperCase(),
      text.toLowerCase(),
      text.normalize('NFKD') + '\u0301',
    ]);
    for (let at = 0; at < text.length; at += 1) {
      const [head, tail] = [text.slice(0, at), text.slice(at + 1)];
      for (const char of alphabet) wrong.add(head + char + tail);
      wrong.add(head + tail).add(text.slice(0, at + 1) + text.slice(at));
      wrong.add(head + tail.slice(0, 1) + text.slice(at, at + 1) + tail.slice(1));
    }
    wrong.delete(text);
    assert.ok(wrong.size > 5_000);
    for (const other of wrong) {
      assert.equal(apiKeyIdIn(other), null, other);
      await assert.rejects(
        judge(other),
        (error) => error instanceof PlatformError && error.code === 'access.unauthenticated',
      );
    }
  });
});
