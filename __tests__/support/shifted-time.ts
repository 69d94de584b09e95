import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EmulatorOptions } from "@serverless-chat/emulator";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import sinon from "sinon";

type Clock = NonNullable<EmulatorOptions["clock"]>;

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** Replaces `Date` in the thread of a function. The offset is in a file, because threads share no variables. */
const preloadedText = (offsetFile: string): string => `
import { readFileSync } from "node:fs";
const SystemDate = Date;
globalThis.Date = class extends SystemDate {
  constructor(...given) {
    super(...(given.length === 0 ? [Date.now()] : given));
  }
  static now() {
    return SystemDate.now() + Number(readFileSync(${JSON.stringify(offsetFile)}, "utf8"));
  }
};
`;

/** The system time plus an offset, in this process and in the functions of an emulated stack. */
export class ShiftedTime {
  readonly #folder = temporaryDirectory();
  readonly #offsetFile = join(this.#folder, "offset");
  readonly #timers = new Set<Timer>();
  readonly #sandbox = sinon.createSandbox();
  #offset = 0;

  constructor() {
    const systemNow = Date.now;
    this.#write();
    this.#sandbox.replace(Date, "now", () => systemNow() + this.#offset);
  }

  /** For the emulator. Its calls happen only when the time is advanced. */
  readonly clock: Clock = {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    after: (milliseconds, call) => {
      const timer = { at: Date.now() + milliseconds, call };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
  };

  /** Makes the functions of the stack in this folder use the time. */
  readonly extend = (stackDirectory: string): void => {
    const preloaded = join(this.#folder, "shifted-date.mjs");
    writeFileSync(preloaded, preloadedText(this.#offsetFile));
    const file = join(stackDirectory, "cdk.tf.json");
    const stack = JSON.parse(readFileSync(file, "utf8"));
    for (const { environment } of Object.values<FunctionBlock>(stack.resource.aws_lambda_function))
      environment.variables.NODE_OPTIONS = `--import=${pathToFileURL(preloaded)}`;
    writeFileSync(file, JSON.stringify(stack));
  };

  /** Makes all calls that become due, in order. */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    this.#write();
    const due = [...this.#timers].filter(({ at }) => at <= Date.now()).sort((one, other) => one.at - other.at);
    for (const timer of due) if (this.#timers.delete(timer)) timer.call();
  }

  restore(): void {
    this.#sandbox.restore();
  }

  /** Renames the file, so that a function never reads a part of the offset. */
  #write(): void {
    writeFileSync(`${this.#offsetFile}.new`, String(this.#offset));
    renameSync(`${this.#offsetFile}.new`, this.#offsetFile);
  }
}

interface FunctionBlock {
  readonly environment: { readonly variables: Record<string, string> };
}
