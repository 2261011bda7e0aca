/** Wakes those who wait for something to change. */
export class Signal {
  readonly #waiters: Set<() => void> = new Set();
  #closed = false;

  /** How many wait now. */
  get waiting(): number {
    return this.#waiters.size;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  notify(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  /** Wakes everyone for good: from now on nothing waits. */
  close(): void {
    this.#closed = true;
    this.notify();
  }

  /** Resolves at the next `notify`, after `timeoutMs`, or when `abort` fires. */
  next(timeoutMs: number, abort?: AbortSignal): Promise<void> {
    if (this.#closed || timeoutMs <= 0 || abort?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        abort?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiters.add(wake);
      abort?.addEventListener("abort", wake, { once: true });
    });
  }

  /** Waits until `holds()`; false when it does not within `timeoutMs`, or on `abort` or `close`. */
  async until(holds: () => boolean, timeoutMs: number, abort?: AbortSignal): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (!holds()) {
      const left = end - performance.now();
      if (this.#closed || left <= 0 || abort?.aborted === true) return false;
      await this.next(left, abort);
    }
    return true;
  }
}
