import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Counts of one operation, with its children bound. */
interface OperationMeter {
  record(status: number, seconds: number): void;
}

export interface Metrics {
  /** For further metrics of the platform; everything in it is exposed. */
  readonly registry: Registry;
  meterOf(surface: string, operation: string): OperationMeter;
  countError(code: string, surface: string): void;
  /** Shows when the certificates of this process end; asked at each exposition. */
  watchCertificates(read: () => readonly { readonly listener: string; readonly notAfter: Date }[]): void;
  /** Counts a request that a limit refused, by the kind of limit. */
  countRefusal(kind: string): void;
  /** The Prometheus text exposition, and its content type. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Metrics of this process. Labels come from closed sets only: never a tenant, an id, a message or an address of a request. */
export function createMetrics(options: { readonly isProcessObserved?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.isProcessObserved !== false) collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'colloquy_http_requests_total',
    help: 'Requests answered; status 499 is one whose client had left.',
    labelNames: ['surface', 'operation', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'colloquy_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['surface', 'operation'],
    buckets: secondsBuckets,
    registers: [registry],
  });
  const errors = new Counter({
    name: 'colloquy_errors_total',
    help: 'Failed requests by code of the error catalogue.',
    labelNames: ['code', 'surface'],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'colloquy_limit_refusals_total',
    help: 'Requests refused for a rate or a quota, by whose it is.',
    labelNames: ['limit'],
    registers: [registry],
  });
  const meters = new Map<string, Map<string, OperationMeter>>();
  const newMeter = (surface: string, operation: string): OperationMeter => {
    const duration = durations.labels(surface, operation);
    const byStatus = new Map<number, ReturnType<typeof requests.labels>>();
    const counterOf = (status: number): ReturnType<typeof requests.labels> => {
      const counter = requests.labels(surface, operation, String(status));
      byStatus.set(status, counter);
      return counter;
    };
    return {
      record(status, seconds) {
        (byStatus.get(status) ?? counterOf(status)).inc();
        duration.observe(seconds);
      },
    };
  };
  return {
    registry,
    meterOf(surface, operation) {
      const ofSurface = getOrAdd(meters, surface, () => new Map<string, OperationMeter>());
      return getOrAdd(ofSurface, operation, () => newMeter(surface, operation));
    },
    watchCertificates(read) {
      const ends = new Gauge({
        name: 'colloquy_certificate_end_seconds',
        help: 'When the certificate that a listener shows ends, in seconds since the epoch.',
        labelNames: ['listener'],
        registers: [registry],
        collect() {
          for (const { listener, notAfter } of read()) ends.set({ listener }, notAfter.getTime() / 1_000);
        },
      });
    },
    countError: (code, surface) => errors.labels(code, surface).inc(),
    countRefusal: (kind) => refusals.labels(kind).inc(),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function getOrAdd<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
