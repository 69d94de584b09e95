/** Why a request failed, as far as it decides about a retry. */
export type FaultKind = "throttling" | "transient" | "final";

/** Rejects with an AbortError if the signal is aborted. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export interface RetryOptions {
  readonly kindOf: (fault: unknown) => FaultKind;
  /** The milliseconds that the service asks to wait, if it does. */
  readonly retryAfterOf: (fault: unknown) => number | undefined;
  readonly pause: Pause;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/*
 * The SDK's standard mode, with its values for DynamoDB.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const ATTEMPTS_MAX = 4;
const DELAY_MILLISECONDS_MAX = 20_000;
const RETRY_AFTER_MILLISECONDS_MAX = 5_000;
const QUOTA = 500;
const FIRST_DELAY_MILLISECONDS = { throttling: 1_000, transient: 25 } as const;
const COST = { throttling: 5, transient: 14 } as const;

/**
 * Repeats an action after a temporary fault, with an exponential delay and full jitter. All actions share a quota: while
 * most of them fail, few are retried, so that retries do not add to an overload.
 */
export function retrying({ kindOf, retryAfterOf, pause, random }: RetryOptions) {
  let quota = QUOTA;

  /** Undefined if the action must not be repeated. */
  function retryOf(fault: unknown, attempt: number): { readonly cost: number; readonly delay: number } | undefined {
    const kind = kindOf(fault);
    if (kind === "final" || attempt === ATTEMPTS_MAX || quota < COST[kind]) return undefined;
    const longest = Math.min(FIRST_DELAY_MILLISECONDS[kind] * 2 ** (attempt - 1), DELAY_MILLISECONDS_MAX);
    const own = random() * longest;
    const asked = Math.min(retryAfterOf(fault) ?? 0, own + RETRY_AFTER_MILLISECONDS_MAX);
    return { cost: COST[kind], delay: Math.max(own, asked) };
  }

  /** `act` gets the number of the attempt, from 1. Rejects with the fault of the last attempt. */
  return async <Result>(act: (attempt: number) => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    let refund = 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await act(attempt);
        quota = Math.min(QUOTA, quota + refund);
        return result;
      } catch (fault) {
        const retry = retryOf(fault, attempt);
        if (!retry) throw fault;
        quota -= retry.cost;
        refund = retry.cost;
        await pause(retry.delay, signal);
      }
    }
  };
}
