import type { Caller } from '../../kernel/caller.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { AlertKind, CreditAlert } from './alert.ts';
import type { AlertReader } from './alert-store.ts';

/** The alerts about credits of the caller's tenant, newest first. */
export function listAlerts({ alerts }: { readonly alerts: AlertReader }) {
  return (caller: Caller, request: PageRequest & { readonly kind: AlertKind | null }): Promise<Page<CreditAlert>> =>
    alerts.list(caller.tenant.id, request.kind, request);
}
