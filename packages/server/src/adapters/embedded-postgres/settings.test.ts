/** Guarantee: the embedded database uses memory as its machine has it, and never less or more than was thought of. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serverConfiguration } from './settings.ts';

const mebibyte = 2 ** 20;

function sharedOf(memoryBytes: number): readonly string[] {
  const places = { port: 5432, socketDirectory: '/run', logDirectory: '/log' };
  const text = serverConfiguration({ ...places, memoryBytes });
  return ['shared_buffers', 'effective_cache_size'].map(
    (name) => new RegExp(`^${name} = '(.*)'$`, 'm').exec(text)?.[1] ?? '',
  );
}

it('keeps a sixteenth of the memory for pages in use, within bounds, and counts on four times that with the files of the system', () => {
  assert.deepEqual(sharedOf(16 * 1024 * mebibyte), ['1024MB', '4096MB']);
  assert.deepEqual(sharedOf(8 * 1024 * mebibyte + 5), ['512MB', '2048MB']);
  assert.deepEqual(sharedOf(256 * mebibyte), ['128MB', '512MB']);
  assert.deepEqual(sharedOf(1024 * 1024 * mebibyte), ['2048MB', '8192MB']);
});
