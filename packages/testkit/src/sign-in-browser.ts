import { createHash, randomBytes } from 'node:crypto';

/** As much of a browser as signing in needs: cookies by path, redirects one at a time, and forms; no scripts. */
export class TestBrowser {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();
  readonly #base: string;
  readonly #from: () => string | null;

  /**
   * `base`: where the node that it speaks with listens. Its pages name the platform's public address. `from`: the address that each of its
   * requests is said to come from by a proxy before that node; null for no proxy.
   */
  constructor(base: string, from: () => string | null = () => null) {
    this.#base = base;
    this.#from = from;
  }

  /** All that is kept, as it was set. */
  readonly setCookies: string[] = [];

  async get(address: string): Promise<Response> {
    return this.#take(await fetch(this.#urlOf(address), { redirect: 'manual', headers: this.#headers(address) }));
  }

  async post(address: string, form: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams(form);
    const request = { method: 'POST', redirect: 'manual', headers: this.#headers(address), body } as const;
    return this.#take(await fetch(this.#urlOf(address), request));
  }

  /** Follows redirects within the platform; ends at a page, or at the first answer that leads elsewhere. */
  async follow(response: Response, publicUrl: string): Promise<Response> {
    const location = response.headers.get('location');
    if (location === null) return response;
    const url = new URL(location, publicUrl);
    if (url.origin !== publicUrl) return response;
    return this.follow(await this.get(url.pathname + url.search), publicUrl);
  }

  #urlOf(address: string): string {
    return this.#base + address;
  }

  #headers(address: string): Record<string, string> {
    const path = address.split('?')[0] ?? '';
    const sent = [...this.#cookies].filter(([, cookie]) => path.startsWith(cookie.path));
    const from = this.#from();
    return {
      ...(sent.length === 0 ? {} : { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') }),
      ...(from === null ? {} : { 'x-forwarded-for': from }),
    };
  }

  #take(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      this.setCookies.push(line);
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split('=');
      const path = attributes.find((text) => text.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (value === '' || attributes.some((text) => text.includes('1970'))) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path });
    }
    return response;
  }
}

/** The hidden fields and the address of the first form of a page. */
export function formIn(html: string): { readonly action: string; readonly fields: Readonly<Record<string, string>> } {
  const form = /<form method="post" action="([^"]*)">(.*?)<\/form>/s.exec(html);
  const fields = Array.from(
    (form?.[2] ?? '').matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g),
    (match) => [match[1] ?? '', match[2] ?? ''],
  );
  return { action: form?.[1] ?? '', fields: Object.fromEntries(fields) as Record<string, string> };
}

/** What a client remembers of an authorization that it began (RFC 7636). */
export interface Verifier {
  readonly verifier: string;
  readonly challenge: string;
}

export function newVerifier(): Verifier {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
