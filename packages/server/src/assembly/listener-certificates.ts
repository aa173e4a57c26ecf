import { keyPairOf, WatchedFiles } from '../adapters/certificates/index.ts';
import type { KeyPair } from '../adapters/certificates/index.ts';
import type { Config, TlsFilesConfig } from '../config/config.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { limits } from '../kernel/limits.ts';
import { keyPinOf } from '../adapters/upstream/key-pin.ts';
import type { ListenerCertificate } from '../surfaces/admin/index.ts';
import { TrustedAuthorities } from '../surfaces/http/index.ts';
import type { ListenerTls, Log } from '../surfaces/http/index.ts';
import { causesOf } from './log.ts';

type Listener = 'http' | 'grpc';

export interface ListenerCertificatesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}

/** The certificates of the listeners, and the authorities that they trust for clients. All of them are renewed without a restart. */
export class ListenerCertificates {
  /** They issue the certificates of clients, also of clients behind proxies. */
  readonly authorities: TrustedAuthorities;
  readonly #options: ListenerCertificatesOptions;
  readonly #pairs: ReadonlyMap<Listener, WatchedFiles<KeyPair>>;
  readonly #bundle: WatchedFiles<string> | null;
  #cancelWarning: CancelTimer = () => undefined;

  private constructor(
    options: ListenerCertificatesOptions,
    pairs: ReadonlyMap<Listener, WatchedFiles<KeyPair>>,
    bundle: WatchedFiles<string> | null,
  ) {
    this.#options = options;
    this.#pairs = pairs;
    this.#bundle = bundle;
    this.authorities = new TrustedAuthorities(options.clock, bundle?.current);
  }

  /** Reads every file. Rejects when one is missing or cannot be used. */
  static async open(options: ListenerCertificatesOptions): Promise<ListenerCertificates> {
    const { config, clock, log } = options;
    const broken = (what: string) => (error: unknown) =>
      log.error({ what, causes: causesOf(error) }, 'new certificate files cannot be used; the old ones stay in use');
    const pairs = new Map<Listener, WatchedFiles<KeyPair>>();
    for (const [listener, files] of listenersOf(config)) {
      const parse = ([certificate = '', key = '']: readonly string[]): KeyPair => keyPairOf(certificate, key);
      const watched = { files: [files.certFile, files.keyFile], parse, clock, onBroken: broken(listener) };
      pairs.set(listener, await WatchedFiles.open(watched));
    }
    const { clientCaFile } = config.tls;
    if (clientCaFile === null) return new ListenerCertificates(options, pairs, null);
    const parse = ([text = '']: readonly string[]): string => bundleOf(text, clock);
    const bundle = { files: [clientCaFile], parse, clock, onBroken: broken('client authorities') };
    return new ListenerCertificates(options, pairs, await WatchedFiles.open(bundle));
  }

  /** The settings of a listener; null for one without TLS. */
  tlsOf(listener: Listener): ListenerTls | null {
    const pair = this.#pairs.get(listener)?.current;
    if (pair === undefined) return null;
    const clientAuthorities = this.#bundle?.current ?? '';
    return { material: pair, policy: this.#options.config.tls, clientAuthorities };
  }

  /** Calls `renew` at every renewal, and warns every day of certificates that are about to end. */
  watch(renew: (listener: Listener, tls: ListenerTls) => void): void {
    this.#warn();
    const renewListener = (listener: Listener): void => {
      const tls = this.tlsOf(listener);
      if (tls !== null) renew(listener, tls);
    };
    for (const [listener, files] of this.#pairs) {
      files.watch(({ leaf }) => {
        renewListener(listener);
        this.#options.log.info({ listener, notAfter: leaf.validToDate.toISOString() }, 'certificate renewed');
      });
    }
    this.#bundle?.watch((bundle) => {
      this.authorities.replace(bundle);
      for (const listener of this.#pairs.keys()) renewListener(listener);
      this.#options.log.info({}, 'client authorities renewed');
    });
  }

  /** The certificates in use. */
  get shown(): readonly ListenerCertificate[] {
    return Array.from(this.#pairs, ([listener, files]) => shownOf(listener, files.current));
  }

  #warn(): void {
    const { clock, log } = this.#options;
    for (const { listener, notAfter } of this.shown) {
      const leftMs = notAfter.getTime() - clock.nowMs();
      if (leftMs > limits.certificateWarningMs) continue;
      log.warn(
        { listener, notAfter: notAfter.toISOString() },
        leftMs > 0 ? 'certificate ends soon' : 'certificate has ended',
      );
    }
    this.#cancelWarning = clock.after(limits.certificateWarningEveryMs, () => this.#warn());
  }

  close(): void {
    this.#cancelWarning();
    for (const files of this.#pairs.values()) files.close();
    this.#bundle?.close();
  }
}

function shownOf(listener: Listener, { leaf }: KeyPair): ListenerCertificate {
  return {
    listener,
    subject: leaf.subject.replaceAll('\n', ', '),
    issuer: leaf.issuer.replaceAll('\n', ', '),
    names: leaf.subjectAltName ?? '',
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    keyPin: keyPinOf(leaf),
  };
}

function listenersOf({ http, grpc }: Config): readonly (readonly [Listener, TlsFilesConfig])[] {
  return [
    ...(http.tls === null ? [] : [['http', http.tls] as const]),
    ...(grpc?.tls === null || grpc === null ? [] : [['grpc', grpc.tls] as const]),
  ];
}

/** The text of a bundle, after a check that it has a certificate. */
function bundleOf(text: string, clock: Clock): string {
  if (new TrustedAuthorities(clock, text).count === 0) throw new Error('The file has no certificate.');
  return text;
}
