import type { FaultInput } from './control-schemas.ts';

interface PlannedFault {
  readonly fault: FaultInput;
  remainingCount: number;
}

/** The faults that were ordered; the oldest that fits a call hits it. */
export class FaultPlan {
  #planned: PlannedFault[] = [];
  #released = Promise.withResolvers<void>();

  add(fault: FaultInput): void {
    this.#planned.push({ fault, remainingCount: fault.times });
  }

  /** Forgets all faults and lets the calls go that hang. */
  clear(): void {
    this.#planned = [];
    this.#released.resolve();
    this.#released = Promise.withResolvers<void>();
  }

  /** Resolves when the faults are deleted. */
  get released(): Promise<void> {
    return this.#released.promise;
  }

  /** The fault that hits this call, used up by it; null for none. */
  take(method: string, chatId: number | null): FaultInput | null {
    const planned = this.#planned.find(({ fault }) => isHit(fault, method, chatId));
    if (!planned) return null;
    planned.remainingCount -= 1;
    if (planned.remainingCount <= 0) this.#planned = this.#planned.filter((other) => other !== planned);
    return planned.fault;
  }
}

function isHit(fault: FaultInput, method: string, chatId: number | null): boolean {
  if (fault.method !== '*' && fault.method.toLowerCase() !== method.toLowerCase()) return false;
  return fault.chatId === undefined || fault.chatId === chatId;
}
