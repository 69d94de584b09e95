const IDLE_MILLISECONDS_MAX = 60_000;

interface Idle<Environment> {
  readonly environment: Environment;
  readonly since: number;
}

/** Environments without events. The one that was used last is used first, so that the others can expire. */
export class IdleEnvironments<Environment> {
  readonly #all: Idle<Environment>[] = [];
  readonly #onExpired: (environment: Environment) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onExpired: (environment: Environment) => void) {
    this.#onExpired = onExpired;
  }

  add(environment: Environment): void {
    this.#all.push({ environment, since: performance.now() });
    this.#timer ??= setTimeout(() => this.#expire(), IDLE_MILLISECONDS_MAX).unref();
  }

  take(): Environment | undefined {
    return this.#all.pop()?.environment;
  }

  remove(environment: Environment): void {
    const index = this.#all.findIndex((each) => each.environment === environment);
    if (index >= 0) this.#all.splice(index, 1);
  }

  #expire(): void {
    this.#timer = undefined;
    const since = performance.now() - IDLE_MILLISECONDS_MAX;
    const kept = this.#all.filter((each) => each.since > since);
    const expired = this.#all.splice(0, this.#all.length - kept.length);
    if (kept.length > 0) this.#timer = setTimeout(() => this.#expire(), IDLE_MILLISECONDS_MAX).unref();
    for (const { environment } of expired) this.#onExpired(environment);
  }
}
