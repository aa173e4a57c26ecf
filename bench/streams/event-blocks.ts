/** What a block of a text/event-stream is. */
export type Block =
  { readonly kind: 'comment' } | { readonly kind: 'event'; readonly id: number | null; readonly text: string };

/** Cuts a text/event-stream into its blocks, without reading what they say: ten thousand streams share one reader's core. */
export class EventBlocks {
  #rest = '';

  /** The blocks that this chunk completes. */
  take(chunk: string): Block[] {
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(blockOf);
  }
}

function blockOf(text: string): Block {
  if (text.startsWith(':')) return { kind: 'comment' };
  const id = /^id: (\d+)$/m.exec(text)?.[1];
  return { kind: 'event', id: id === undefined ? null : Number(id), text };
}
